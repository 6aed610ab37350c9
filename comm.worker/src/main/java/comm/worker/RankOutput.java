package comm.worker;

/**
 * Takes what the ranks print, line by line. Called from threads of the job, one call at a time; a
 * slow receiver slows down the ranks, it never loses their lines.
 */
@FunctionalInterface
public interface RankOutput {

  /**
   * Takes one line. What it throws is logged and does not end the job.
   *
   * @param rank who printed it
   * @param isError whether it came from standard error
   * @param line the line without its end; lines beyond 65,536 characters come in pieces
   */
  void line(int rank, boolean isError, String line);
}
