package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** What somebody else might have written, compiled while the test runs. */
final class Compiled {

  private static final String BROKEN =
      """
      package broken;
      public final class BrokenBackend implements comm.api.spi.CommBackend {
        public BrokenBackend() { throw new IllegalStateException("its driver is too old"); }
        public String name() { return "broken"; }
        public comm.api.spi.Availability availability() {
          return new comm.api.spi.Availability.Available("never asked");
        }
        public comm.api.spi.BackendSession open(comm.api.spi.SessionRequest request) {
          throw new AssertionError();
        }
      }
      """;

  private static final String ACME =
      """
      package acme;
      import comm.api.*;
      import comm.api.spi.*;
      import java.nio.ByteBuffer;
      import java.util.*;
      public final class AcmeBackend implements CommBackend {
        public String name() { return "acme"; }
        public Availability availability() { return new Availability.Available("one rank, heap"); }
        public BackendSession open(SessionRequest request) { return new Session(); }

        private static final class Session implements BackendSession {
          public BackendWindows allocateWindows(long bytes, WaitLimit limit) {
            return new Windows(bytes);
          }
          public void barrier(WaitLimit limit) {}
          public List<RankStatus> peers() { return List.of(); }
          public void cancel() {}
          public void close(WaitLimit limit) {}
        }

        private static final class Windows implements BackendWindows {
          private final ByteBuffer memory;
          Windows(long bytes) { memory = ByteBuffer.allocateDirect((int) bytes); }
          public long size() { return memory.capacity(); }
          public CommContext context() {
            return new CommContext(0, 0, 0, 1, size(), List.of(1L), List.of(1L));
          }
          public long deviceContext() { return 1; }
          public WindowMemory memory(int rank, AccessFailures failures) {
            return new HostMemory(size(), new HostMemory.Mapping() {
              public ByteBuffer map(long offset, int length) {
                return memory.slice((int) offset, length);
              }
              public ByteBuffer share(long offset, int length) { return map(offset, length); }
            });
          }
          public void signal(int rank, long offset, SignalOperation operation, long operand) {}
          public long await(int rank, long offset, Comparison c, long operand, WaitLimit limit) {
            return 0;
          }
          public void close(WaitLimit limit) {}
        }
      }
      """;

  private Compiled() {}

  /** A third party's backend of one rank: module {@code acme.backend}, name {@code acme}. */
  static Path acme(Path directory) throws IOException {
    return module(directory.resolve("acme"), "acme.backend", "acme.AcmeBackend", ACME);
  }

  /** A module whose provider can't be made. */
  static Path broken(Path directory) throws IOException {
    return module(directory.resolve("broken"), "broken.backend", "broken.BrokenBackend", BROKEN);
  }

  private static Path module(Path directory, String module, String provider, String source)
      throws IOException {
    Map<String, String> sources =
        Map.of(
            "module-info.java",
            "module "
                + module
                + " { requires comm.api; provides comm.api.spi.CommBackend with "
                + provider
                + "; }",
            provider.replace('.', '/') + ".java",
            source);
    return classes(directory.resolve("classes"), List.of(), directory.resolve("src"), sources);
  }

  /**
   * Compiles sources against everything on the module path.
   *
   * @param options of the compiler, beside the usual ones
   * @param folder where the sources are written
   * @param sources their text by their path in the folder
   * @return the folder of the classes
   */
  static Path classes(Path classes, List<String> options, Path folder, Map<String, String> sources)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "17",
                "--module-path",
                Project.modulePath().stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator)),
                "-proc:none",
                "-d",
                classes.toString()));
    arguments.addAll(options);
    for (Map.Entry<String, String> entry : sources.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, entry.getValue());
      arguments.add(file.toString());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertEquals(
        0,
        compiler.run(null, null, null, arguments.toArray(String[]::new)),
        () -> sources.keySet() + " can't be compiled");
    return classes;
  }
}
