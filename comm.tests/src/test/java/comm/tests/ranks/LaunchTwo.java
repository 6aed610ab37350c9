package comm.tests.ranks;

import comm.worker.JobResult;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RankProgram;
import comm.worker.RunningJob;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Not a rank but a launcher: runs a program on two ranks of sim; args: the program, and more
 * options for the ranks' JVMs. Passes on what they print, to the stream they printed it on.
 */
public final class LaunchTwo {

  private LaunchTwo() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    RankJob job =
        RankJob.of(2, RankProgram.parse(args[0]))
            .withBackend("sim")
            .withJvmOptions(List.of(args).subList(1, args.length))
            .withTimeLimit(Duration.ofMinutes(1));
    try (RunningJob running =
        RankLauncher.ofThisJvm()
            .start(
                job, (rank, isError, line) -> (isError ? System.err : System.out).println(line))) {
      JobResult result = running.await();
      if (result.exitCode() != 0) {
        throw new IllegalStateException(result.report());
      }
    }
  }
}
