/**
 * Native host runtimes: their binding, a device on one, and the backend {@code runtime}, by which
 * Java ranks sit in one communicator with those of other languages.
 */
package comm.worker.runtime;
