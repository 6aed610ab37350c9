package comm.backend.hccl.rendezvous;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A rank, or a look at one, in a process of its own. */
final class RankMain {

  private RankMain() {}

  /**
   * Does one of these: {@code alive <run's directory> <rank>}, {@code rank <path> <rank> <size>}.
   */
  public static void main(String[] args) throws IOException, BackendFailure {
    Path path = Path.of(args[1]);
    int rank = Integer.parseInt(args[2]);
    if (args[0].equals("alive")) {
      say(Boolean.toString(new RunDirectory(path).isAlive(rank)));
      return;
    }
    say("begins");
    Run run = Ranks.join(Ranks.self(rank, Integer.parseInt(args[3])), path);
    say("joined");
    run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.within(Ranks.LONG));
    say("passed");
    // It is killed here, or ends with the process that started it.
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
    run.close();
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** Whether a rank lives, as a process sees that has nothing to do with it. */
  static boolean isAlive(Path run, int rank) throws IOException {
    try (BufferedReader out =
        start("alive", run.toString(), Integer.toString(rank))
            .inputReader(StandardCharsets.UTF_8)) {
      return Boolean.parseBoolean(out.readLine());
    }
  }

  static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("--class-path");
    command.add(
        Stream.of(Run.class, RankMain.class, Failure.class)
            .map(RankMain::location)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(RankMain.class.getName());
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
