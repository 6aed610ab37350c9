package comm.api.spi;

import comm.api.RankStatus;
import java.util.List;

/**
 * One rank's part in a communicator, as a backend sees it.
 *
 * <p>Callers keep this order: collectives ({@link #allocateWindows}, {@link #barrier}) come from
 * one thread at a time; after one of them has thrown, nothing but {@link #peers}, {@link #cancel}
 * and {@link #close} is called. {@link #peers} and {@link #cancel} may come from any thread at any
 * time before {@link #close}. {@link #close} is called once, and last.
 *
 * <p>When a collective throws a {@link BackendFailure} the backend has already told the other
 * ranks, and every rank gets the same verdict: a collective held for all ranks, or broke for all
 * that took part in it.
 */
public interface BackendSession {

  /**
   * Allocates one window per rank, zeroed before any other rank can reach it. Collective.
   *
   * @param bytes size of each window, at least 1; size times ranks has been checked to fit a long
   * @param limit how long the call may wait for other ranks
   * @return the windows of all ranks
   * @throws BackendFailure if the ranks disagree, a rank failed, memory is short or time ran out
   */
  BackendWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure;

  /**
   * Waits until every rank has called it. Release and acquire for all bytes of all windows.
   *
   * @param limit how long the call may wait for other ranks
   * @throws BackendFailure if a rank failed or left, or time ran out
   */
  void barrier(WaitLimit limit) throws BackendFailure;

  /**
   * What is known of every rank now. Never waits.
   *
   * @return one status per rank, in rank order, this rank included
   */
  List<RankStatus> peers();

  /**
   * Makes every wait of this process on it end promptly with {@link Failure.Cancelled}. Called
   * before {@link #close} when another thread is still inside a call.
   */
  void cancel();

  /**
   * Leaves the communicator and frees everything this process holds for it. Ranks that wait for
   * this one fail at once.
   *
   * @param limit how long closing may take
   * @throws BackendFailure if something could not be freed; everything else has been freed
   */
  void close(WaitLimit limit) throws BackendFailure;
}
