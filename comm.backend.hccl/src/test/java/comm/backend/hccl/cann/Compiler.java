package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The C compiler, for libraries that behave as a test needs it. Skips the test where there is none.
 */
final class Compiler {

  /**
   * How it ended.
   *
   * @param status its exit status
   * @param output what it wrote, errors and all
   */
  record Result(int status, String output) {}

  private Compiler() {}

  static Result run(String... arguments) throws IOException, InterruptedException {
    assumeTrue(isThere(), "there is no C compiler (cc) on this machine");
    List<String> command = new ArrayList<>(List.of("cc"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("cc", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "cc takes longer than a minute");
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private static boolean isThere() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, "cc"))) {
        return true;
      }
    }
    return false;
  }

  /** Makes a library of a C text. */
  static Path library(Path directory, String name, String source, String... options)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path file = Files.writeString(directory.resolve(name + ".c"), source);
    Path library = directory.resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("-shared", "-fPIC", "-Wall", "-Werror", "-Wl,-soname," + name));
    arguments.addAll(List.of("-o", library.toString(), file.toString()));
    arguments.addAll(List.of(options));
    Result result = run(arguments.toArray(String[]::new));
    assertEquals(0, result.status(), result.output());
    return library;
  }

  /** The library that tells what it was called with, as ACL and as HCCL. */
  static Cann recorder(Path home, int code) throws IOException, InterruptedException {
    String source;
    try (InputStream in = Compiler.class.getResourceAsStream("recorder.c")) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Path lib = home.resolve("lib64");
    Path both = library(lib, "libascendcl.so", source, "-DCODE=" + code);
    // one library under two names: two would find each other by a name that another test has used
    Files.createSymbolicLink(lib.resolve("libhccl.so"), both);
    return CannAt.home(home);
  }
}
