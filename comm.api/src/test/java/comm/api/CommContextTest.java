package comm.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CommContextTest {

  @Test
  void has_these_bytes() {
    CommContext context =
        new CommContext(
            0x1122334455667788L,
            0x0102030405060708L,
            1,
            3,
            0x0000000140000000L,
            List.of(0x7f0000001000L, 0x7f0000002000L, 0xfffffffffffffff0L),
            List.of(0x10L, 0x20L, 0x30L));

    String expected =
        "8877665544332211"
            + "0807060504030201"
            + "01000000"
            + "03000000"
            + "0000004001000000"
            + "00100000007f0000"
            + "00200000007f0000"
            + "f0ffffffffffffff"
            + "00".repeat(61 * 8)
            + "1000000000000000"
            + "2000000000000000"
            + "3000000000000000"
            + "00".repeat(61 * 8);
    assertEquals(expected, HexFormat.of().formatHex(context.encode()));
    assertEquals(context, CommContext.decode(HexFormat.of().parseHex(expected)));
  }

  @Test
  void says_what_is_wrong() {
    assertMessage("rankNum must be 1 to 64, but is 65", 0, 65, 0, 65, 65);
    assertMessage("rankNum must be 1 to 64, but is 0", 0, 0, 0, 0, 0);
    assertMessage("rankId must be 0 to 1, but is 2", 2, 2, 0, 2, 2);
    assertMessage("rankId must be 0 to 1, but is -1", -1, 2, 0, 2, 2);
    assertMessage("sizes must not be negative: winSize=-1, workSpaceSize=0", 0, 2, -1, 2, 2);
    assertMessage(
        "need one address a rank: rankNum=2, windowsIn has 1, windowsOut has 2", 0, 2, 0, 1, 2);
    assertMessage(
        "need one address a rank: rankNum=2, windowsIn has 2, windowsOut has 3", 0, 2, 0, 2, 3);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CommContext.decode(new byte[1055]));
    assertEquals("a context has 1056 bytes, but there are 1055", e.getMessage());
  }

  private static void assertMessage(
      String expected, int rank, int ranks, long winSize, int in, int out) {
    List<Long> windowsIn = Collections.nCopies(in, 1L);
    List<Long> windowsOut = Collections.nCopies(out, 1L);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CommContext(0, 0, rank, ranks, winSize, windowsIn, windowsOut));
    assertEquals(expected, e.getMessage());
  }

  @Test
  void keeps_its_lists_to_itself() {
    List<Long> addresses = new ArrayList<>(List.of(1L));
    CommContext context = new CommContext(0, 0, 0, 1, 0, addresses, addresses);

    addresses.set(0, 2L);

    assertEquals(List.of(1L), context.windowsIn());
    assertThrows(UnsupportedOperationException.class, () -> context.windowsIn().add(3L));
  }

  /** The table of the ABI as a C programmer would declare it. */
  private static final String C_PROGRAM =
      """
      #include <stddef.h>
      #include <stdint.h>
      #include <stdio.h>

      typedef struct {
        uint64_t workSpace;
        uint64_t workSpaceSize;
        uint32_t rankId;
        uint32_t rankNum;
        uint64_t winSize;
        uint64_t windowsIn[64];
        uint64_t windowsOut[64];
      } Context;

      int main(int argc, char **argv) {
        static Context c;
        c.workSpace = 0xfedcba9876543210u;
        c.workSpaceSize = 0x0123456789abcdefu;
        c.rankId = 5;
        c.rankNum = 64;
        c.winSize = 0x0000000280000001u;
        for (int i = 0; i < 64; i++) {
          c.windowsIn[i] = 0x7f0011223300u + (uint64_t) i * 0x1000;
          c.windowsOut[i] = 0xffff000000000000u + (uint64_t) i;
        }
        printf("%zu %zu %zu %zu %zu %zu %zu %zu\\n", sizeof(Context),
            offsetof(Context, workSpace), offsetof(Context, workSpaceSize),
            offsetof(Context, rankId), offsetof(Context, rankNum), offsetof(Context, winSize),
            offsetof(Context, windowsIn), offsetof(Context, windowsOut));
        FILE *out = fopen(argv[1], "wb");
        return out == NULL || fwrite(&c, sizeof c, 1, out) != 1 || fclose(out) != 0;
      }
      """;

  @Test
  @Timeout(60)
  void is_what_a_c_compiler_makes_of_the_table(@TempDir Path directory) throws Exception {
    Optional<Path> compiler = compiler();
    assumeTrue(compiler.isPresent(), "no C compiler: neither cc nor gcc nor clang is on the PATH");
    assumeTrue(
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "this machine is not little-endian");
    Path source = Files.writeString(directory.resolve("context.c"), C_PROGRAM);
    Path program = directory.resolve("context");
    Path struct = directory.resolve("context.bin");

    run(compiler.orElseThrow().toString(), "-o", program.toString(), source.toString());
    String layout = run(program.toString(), struct.toString());

    assertEquals("1056 0 8 16 20 24 32 544", layout.strip());
    CommContext context =
        new CommContext(
            0xfedcba9876543210L,
            0x0123456789abcdefL,
            5,
            64,
            0x280000001L,
            LongStream.range(0, 64).mapToObj(i -> 0x7f0011223300L + i * 0x1000).toList(),
            LongStream.range(0, 64).mapToObj(i -> 0xffff000000000000L + i).toList());
    byte[] compiled = Files.readAllBytes(struct);
    assertArrayEquals(compiled, context.encode());
    assertEquals(context, CommContext.decode(compiled));
  }

  private static Optional<Path> compiler() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of("cc", "gcc", "clang")
        .flatMap(
            name ->
                Stream.of(path.split(File.pathSeparator))
                    .filter(directory -> !directory.isEmpty())
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (var in = process.inputReader()) {
      output = String.join("\n", in.lines().toList());
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), String.join(" ", command));
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}
