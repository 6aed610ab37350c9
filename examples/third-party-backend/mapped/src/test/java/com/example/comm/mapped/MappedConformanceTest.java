package com.example.comm.mapped;

import comm.testkit.BackendUnderTest;
import comm.testkit.Capability;
import comm.testkit.conformance.AvailabilityContract;
import comm.testkit.conformance.BarrierContract;
import comm.testkit.conformance.CloseContract;
import comm.testkit.conformance.FailureContract;
import comm.testkit.conformance.MemoryContract;
import comm.testkit.conformance.SessionContract;
import comm.testkit.conformance.WindowContract;
import org.junit.jupiter.api.Nested;

/** The backend against the contract: one nested class for each of its sections. */
class MappedConformanceTest {

  /** File locks belong to a process, and an address needs native code. */
  static final BackendUnderTest MAPPED =
      BackendUnderTest.processes("mapped")
          .without(Capability.RANKS_AS_THREADS, Capability.SAME_ADDRESSES, Capability.STREAMS);

  @Nested
  class Availability extends AvailabilityContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }

  @Nested
  class Sessions extends SessionContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }

  @Nested
  class Windows extends WindowContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }

  @Nested
  class Memory extends MemoryContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }

  @Nested
  class Barriers extends BarrierContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }

  @Nested
  class Failures extends FailureContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }

  @Nested
  class Closing extends CloseContract {
    @Override
    protected BackendUnderTest backend() {
      return MAPPED;
    }
  }
}
