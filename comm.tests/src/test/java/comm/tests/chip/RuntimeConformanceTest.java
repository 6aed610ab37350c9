package comm.tests.chip;

import comm.testkit.BackendUnderTest;
import comm.testkit.conformance.BarrierContract;
import comm.testkit.conformance.FailureContract;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The backend {@code runtime} on a host runtime in C keeps the contract, as far as it declares it.
 */
class RuntimeConformanceTest {

  private static BackendUnderTest backend = BackendUnderTest.processes("runtime");

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    backend = HostRuntimeDouble.backend();
  }

  @Nested
  class Barrier extends BarrierContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }

  @Nested
  class Failures extends FailureContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }
}
