package comm.worker.chip;

import static java.util.Objects.requireNonNull;

import comm.api.CommContext;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The communicator that a chip joins at bootstrap.
 *
 * @param rank the chip's rank, 0 ≤ rank &lt; nranks
 * @param nranks number of ranks, 1 to 64
 * @param rootInfo the file through which the ranks find each other; if empty, one that the {@link
 *     comm.worker.Worker} which launches the chip chooses
 * @param windowSize bytes of each window, at least 1; the same on every rank
 */
public record ChipCommBootstrapConfig(
    int rank, int nranks, Optional<Path> rootInfo, long windowSize) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ChipCommBootstrapConfig {
    requireNonNull(rootInfo, "rootInfo");
    if (nranks < 1 || nranks > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException(
          "nranks must be 1 to " + CommContext.MAX_RANKS + ", but is " + nranks);
    }
    if (rank < 0 || rank >= nranks) {
      throw new IllegalArgumentException("rank must be 0 to " + (nranks - 1) + ", but is " + rank);
    }
    if (windowSize < 1) {
      throw new IllegalArgumentException(
          "windowSize must be at least 1 byte, but is " + windowSize);
    }
  }
}
