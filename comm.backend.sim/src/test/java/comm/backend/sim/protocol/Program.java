package comm.backend.sim.protocol;

import comm.api.spi.BackendFailure;

/**
 * What a simulated process does. It must be a function of the answers it gets, and of nothing else.
 */
@FunctionalInterface
interface Program {

  void run(Execution self) throws BackendFailure;
}
