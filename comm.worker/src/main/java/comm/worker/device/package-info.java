/** What a chip worker drives: memory, streams and kernels, on a host runtime or in this JVM. */
package comm.worker.device;
