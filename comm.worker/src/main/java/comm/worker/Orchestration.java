package comm.worker;

/**
 * What a worker does in one run: it submits tasks to chips and moves data, in its own process.
 *
 * @param <T> what it returns
 * @param <E> the checked exception that it throws, if any
 */
@FunctionalInterface
public interface Orchestration<T, E extends Exception> {

  /**
   * Runs.
   *
   * @param orchestrator the chips, for as long as this call takes
   * @return the result of the run
   * @throws E to fail the run
   */
  T run(Orchestrator orchestrator) throws E;
}
