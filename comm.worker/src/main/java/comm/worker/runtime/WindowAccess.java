package comm.worker.runtime;

import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.SignalOperation;
import comm.api.spi.WindowMemory;

/** How the bytes of windows are reached. */
interface WindowAccess {

  /** One rank's window. */
  WindowMemory memory(int rank, AccessFailures failures);

  /** Changes a word, a release. */
  void signal(int rank, long offset, SignalOperation operation, long operand) throws BackendFailure;

  /** Reads a word, an acquire. */
  long word(int rank, long offset) throws BackendFailure;

  /** Gives back what this process holds; twice is as good as once. */
  void release();
}
