package comm.worker;

import static java.util.Objects.requireNonNull;

import comm.worker.launch.JavaCommand;
import comm.worker.launch.JobDirectory;
import comm.worker.launch.LaunchPath;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts ranks as child processes of this JVM, with this JVM's Java and on its module path and
 * class path.
 *
 * {@snippet file="comm/tests/snippets/JavadocExamplesTest.java" region="launcher"}
 *
 * <p>Ranks read nothing from standard input. A rank whose launcher dies, by whatever means, ends
 * within a second. A rank that leaves without closing its communicator has failed. Immutable; any
 * thread may use it.
 */
public final class RankLauncher {

  private static final File NOTHING = new File("/dev/null");

  private final LaunchPath path;

  RankLauncher(LaunchPath path) {
    this.path = path;
  }

  /**
   * A launcher whose ranks find their classes where this JVM finds its own.
   *
   * @return the launcher
   */
  public static RankLauncher ofThisJvm() {
    return new RankLauncher(LaunchPath.ofThisJvm());
  }

  /**
   * Starts the ranks. Returns once all processes exist, which says nothing about their programs.
   *
   * @param job what to run
   * @param output takes what they print
   * @return the job; close it
   * @throws IllegalArgumentException if the program is in a module that isn't on the module path
   * @throws IOException if a rank or the job's directory can't be made; ranks already started have
   *     been killed
   */
  public RunningJob start(RankJob job, RankOutput output) throws IOException {
    return start(job, output, Redirect.from(NOTHING), directory -> {});
  }

  /** What is put into a job's directory before its ranks start. */
  interface Preparation {
    void prepare(Path directory) throws IOException;
  }

  /** The same with another standard input for the ranks, and something in the job's directory. */
  RunningJob start(RankJob job, RankOutput output, Redirect input, Preparation preparation)
      throws IOException {
    requireNonNull(job, "job");
    requireNonNull(output, "output");
    LaunchPath whole = path.plus(job.classPath(), job.modulePath());
    checkModule(job.program(), whole);
    Path directory = JobDirectory.create();
    RunningJob running = new RunningJob(job, directory, output);
    int rank = 0;
    try {
      preparation.prepare(directory);
      List<String> command = command(job, whole, directory);
      for (; rank < job.size(); rank++) {
        running.add(rank(job, rank, directory, command).redirectInput(input));
      }
      running.watch();
      return running;
    } catch (IOException | RuntimeException e) {
      running.watch();
      running.close();
      throw new IOException(
          "rank " + rank + " of " + job.size() + " can't be started: " + e.getMessage(), e);
    }
  }

  private static void checkModule(RankProgram program, LaunchPath path) {
    if (program.module().isPresent() && !path.hasModule(program.module().get())) {
      throw new IllegalArgumentException(
          "there is no module "
              + program.module().get()
              + " on the module path "
              + path.modulePath()
              + "; a class on the class path is given without a module: "
              + program.mainClass());
    }
  }

  private static List<String> command(RankJob job, LaunchPath whole, Path directory)
      throws IOException {
    JavaCommand java =
        new JavaCommand(
            whole, job.program().module(), job.program().mainClass(), job.jvmOptions(), directory);
    Path argumentFile = directory.resolve("java.args");
    Files.writeString(argumentFile, java.argumentFileText());
    List<String> command = new ArrayList<>(java.command(argumentFile));
    command.add(Long.toString(ProcessHandle.current().pid()));
    command.add(directory.toString());
    command.add(job.program().toString());
    command.addAll(job.arguments());
    return command;
  }

  private static ProcessBuilder rank(RankJob job, int rank, Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.putAll(job.environment());
    job.backend().ifPresent(name -> environment.put("COMM_BACKEND", name));
    job.waitTimeout().ifPresent(limit -> environment.put("COMM_TIMEOUT", inMillis(limit)));
    environment.put("COMM_RANK", Integer.toString(rank));
    environment.put("COMM_SIZE", Integer.toString(job.size()));
    environment.put("COMM_ROOTINFO", directory.resolve("rootinfo").toString());
    return builder;
  }

  private static String inMillis(Duration limit) {
    return limit.toMillis() + "ms";
  }
}
