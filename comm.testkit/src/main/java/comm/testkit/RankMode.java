package comm.testkit;

/** What the ranks of a test are. */
public enum RankMode {
  /** Threads of the test's JVM: quick, easy to debug, but none of them can be killed. */
  THREADS("threads"),
  /** Processes of their own, as in production: they can be killed and stopped. */
  PROCESSES("processes");

  private final String words;

  RankMode(String words) {
    this.words = words;
  }

  /** {@return the mode as it stands in reports} */
  @Override
  public String toString() {
    return words;
  }
}
