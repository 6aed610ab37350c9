package comm.testkit.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which rank of a run the calling code belongs to. */
final class CurrentRank {

  /** Where ranks are threads: those threads, and the threads that they start. */
  private static final ThreadLocal<@Nullable PlacedRank> OF_THREAD = new InheritableThreadLocal<>();

  private static volatile @Nullable PlacedRank ofProcess;

  private CurrentRank() {}

  static void isThisThread(PlacedRank rank) {
    OF_THREAD.set(rank);
  }

  static void isThisProcess(PlacedRank rank) {
    ofProcess = rank;
  }

  static Optional<PlacedRank> get() {
    PlacedRank own = OF_THREAD.get();
    return Optional.ofNullable(own == null ? ofProcess : own);
  }
}
