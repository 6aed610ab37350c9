/**
 * How ranks agree: the layout of the control segment, the barrier, poison. Written against {@link
 * comm.backend.sim.protocol.Words} and {@link comm.backend.sim.protocol.Wait}, so that a test can
 * run all ranks in one thread and choose every interleaving.
 */
package comm.backend.sim.protocol;
