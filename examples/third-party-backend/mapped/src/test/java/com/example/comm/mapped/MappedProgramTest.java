package com.example.comm.mapped;

import comm.testkit.BackendUnderTest;
import comm.testkit.conformance.ProgramContract;

/** Generated programs of several ranks, compared with what they mean. */
class MappedProgramTest extends ProgramContract {

  @Override
  protected BackendUnderTest backend() {
    return MappedConformanceTest.MAPPED;
  }
}
