/** The sim backend. Begin with {@link comm.backend.sim.SimBackend}. */
package comm.backend.sim;
