package comm.testkit.run;

import comm.testkit.RankBody;
import comm.testkit.RankOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where one kind of ranks lives. */
interface RankHost extends AutoCloseable {

  /** Runs a body as a rank; completes with how it ended, never exceptionally. */
  CompletableFuture<RankOutcome> start(long run, RankPlace place, RankBody body, Board board);

  /** The stacks of a rank that doesn't end. */
  String stacks(int rank, Duration patience);

  /** Gives a rank up that doesn't end. */
  void abandon(int rank);

  /** What a rank has printed since this was last asked; asked once after each run. */
  List<String> output(int rank);

  /** What the rank's body threw, where ranks are threads of this JVM. */
  Optional<Throwable> thrown(int rank);

  @Override
  void close();
}
