package comm.examples;

// @start region="launch"
import comm.worker.JobResult;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RankProgram;
import comm.worker.RunningJob;
import java.io.IOException;
import java.util.List;

/** Not a rank but a launcher; args: the number of ranks, the program, and its own arguments. */
final class Launch {

  private Launch() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    RankJob job =
        RankJob.of(Integer.parseInt(args[0]), RankProgram.parse(args[1]))
            .withArguments(List.of(args).subList(2, args.length));
    JobResult result;
    try (RunningJob running =
        RankLauncher.ofThisJvm()
            .start(job, (rank, isError, line) -> System.out.println("[" + rank + "] " + line))) {
      result = running.await();
    }
    if (result.exitCode() != 0) {
      System.err.println(result.report());
      System.exit(result.exitCode());
    }
  }
}
// @end
