package comm.tests.chip;

import comm.testkit.BackendUnderTest;
import comm.testkit.conformance.AvailabilityContract;
import comm.testkit.conformance.BarrierContract;
import comm.testkit.conformance.CloseContract;
import comm.testkit.conformance.FailureContract;
import comm.testkit.conformance.MemoryContract;
import comm.testkit.conformance.SessionContract;
import comm.testkit.conformance.WindowContract;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The backend {@code runtime} on a host runtime in C keeps the contract, as far as it declares it.
 */
@Tag("once")
class RuntimeConformanceTest {

  private static BackendUnderTest backend = BackendUnderTest.processes("runtime");

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    backend = HostRuntimeDouble.backend();
  }

  @Nested
  class Availability extends AvailabilityContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }

  @Nested
  class Sessions extends SessionContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }

  @Nested
  class Windows extends WindowContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }

  @Nested
  class Memory extends MemoryContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }

  @Nested
  class Barriers extends BarrierContract {
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

  @Nested
  class Close extends CloseContract {
    @Override
    protected BackendUnderTest backend() {
      return backend;
    }
  }
}
