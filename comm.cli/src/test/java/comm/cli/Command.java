package comm.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command in a JVM of its own, with everything on the class path. */
final class Command {

  /** What the command did. */
  record Done(int code, String out, String err) {}

  private Command() {}

  static Process start(Redirect out, Redirect err, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(classPath());
    command.add("comm.cli.Ranks");
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(out).redirectError(err).start();
  }

  static Done run(String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("ranks", ".out");
    Path err = Files.createTempFile("ranks", ".err");
    try {
      Process process = start(Redirect.to(out.toFile()), Redirect.to(err.toFile()), arguments);
      if (!process.waitFor(100, TimeUnit.SECONDS)) {
        process.destroy();
        throw new IllegalStateException("ranks doesn't end: " + Files.readString(err));
      }
      return new Done(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Stream.of(
                System.getProperty("jdk.module.path", "").split(File.pathSeparator),
                System.getProperty("java.class.path", "").split(File.pathSeparator),
                new String[] {"target/classes", "target/test-classes"})
            .flatMap(Stream::of)
            .filter(entry -> !entry.isEmpty())
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
