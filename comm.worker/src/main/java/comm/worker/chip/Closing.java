package comm.worker.chip;

import org.jspecify.annotations.Nullable;

/** Steps that are all tried whatever becomes of those before; the first error is thrown at last. */
final class Closing {

  private @Nullable RuntimeException error;

  void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (error == null) {
        error = e;
      } else if (error != e) {
        error.addSuppressed(e);
      }
    }
  }

  void finish() {
    if (error != null) {
      throw error;
    }
  }
}
