/**
 * What the author of a backend implements.
 *
 * <p>Begin with {@link comm.api.spi.CommBackend}. The interfaces are thin on purpose: argument
 * checks, the state machine of a communicator and the wording of errors stand once, in front of
 * them, so that every backend behaves alike. Interfaces grow by default methods only.
 *
 * @serial exclude
 */
package comm.api.spi;
