import org.jspecify.annotations.NullMarked;

/**
 * Launches ranks as processes of their own, watches them and says which one failed first and why.
 *
 * <p>Begin with {@link comm.worker.RankLauncher}. The package {@code comm.worker.launch} is
 * internal: it holds what both sides of a launch share and the main class of every rank.
 */
@NullMarked
module comm.worker {
  requires transitive comm.api;
  requires static org.jspecify;

  exports comm.worker;
}
