package comm.tests.conformance;

import comm.testkit.BackendUnderTest;
import comm.testkit.conformance.ProgramContract;

/** Generated programs on the backend {@code sim} with ranks as processes. */
class SimProcessesProperties extends ProgramContract {

  @Override
  protected BackendUnderTest backend() {
    return BackendUnderTest.processes("sim");
  }
}
