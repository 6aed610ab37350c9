package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A JVM of its own, with a path that is given in full and an environment without anything that
 * chooses or changes JVMs, backends or libraries.
 */
final class ChildJvm {

  private static final List<String> FOREIGN =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");
  private static final List<String> LIBRARIES =
      List.of("LD_LIBRARY_PATH", "ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME");
  private static final long SECONDS = 120;

  private final Path directory;
  private final List<String> options = new ArrayList<>();
  private final List<Path> path;

  /** How it ended. */
  record Ended(int exitCode, String out, String err) {

    String lastLine() {
      return out.substring(out.strip().lastIndexOf('\n') + 1).strip();
    }
  }

  /**
   * A JVM that finds everything which this one finds on its module path.
   *
   * @param directory for what it prints
   */
  ChildJvm(Path directory) {
    this.directory = directory;
    this.path = new ArrayList<>(Project.modulePath());
  }

  /** Takes a module away. */
  ChildJvm without(String module) {
    if (!path.remove(Project.location(module))) {
      throw new AssertionError(module + " is not an entry of " + path);
    }
    return this;
  }

  ChildJvm with(Path module) {
    path.add(module);
    return this;
  }

  ChildJvm options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Runs a class of a module, with everything on the module path. */
  Ended runModule(String program, String... arguments) throws IOException, InterruptedException {
    return run(List.of("--module-path", joined(), "--module", program), arguments);
  }

  /** Runs a class, with everything on the class path. */
  Ended runClass(String program, String... arguments) throws IOException, InterruptedException {
    return run(List.of("--class-path", joined(), program), arguments);
  }

  private String joined() {
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private Ended run(List<String> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(program);
    command.addAll(Arrays.asList(arguments));
    return runCommand(command);
  }

  /** Runs something else in the same clean environment: a program of a run-time image. */
  Ended runCommand(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "child", ".out");
    Path err = Files.createTempFile(directory, "child", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(FOREIGN);
    environment.keySet().removeAll(LIBRARIES);
    environment.keySet().removeIf(key -> key.startsWith("COMM_"));
    Process process = builder.redirectInput(Redirect.from(new File("/dev/null"))).start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + SECONDS + " s: " + command);
      }
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** What a child printed, if it ended well. */
  static String output(Ended ended) {
    assertEquals(0, ended.exitCode(), ended::toString);
    return ended.out();
  }
}
