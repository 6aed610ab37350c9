package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.CommContext;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What configurations and buffers can be. */
class ChipBootstrapConfigTest {

  private static final ChipCommBootstrapConfig COMM =
      new ChipCommBootstrapConfig(0, 2, Optional.empty(), 4096);

  private static void refused(String part, Executable making) {
    String message =
        String.valueOf(assertThrowsExactly(IllegalArgumentException.class, making).getMessage());
    assertTrue(message.contains(part), message);
  }

  private static ChipBufferSpec buffer(String name) {
    return ChipBufferSpec.of(name, DataType.FLOAT32, 16);
  }

  private static HostBufferStaging staging(String name) {
    return new HostBufferStaging(name, Path.of("/nonexistent/" + name), 64);
  }

  @Test
  void names_are_used_once() {
    refused(
        "duplicate buffer name: \"a\"",
        () -> ChipBootstrapConfig.of(COMM, buffer("a"), buffer("b"), buffer("a")));
    refused(
        "duplicate host input name: \"a\"",
        () -> ChipBootstrapConfig.of(COMM).withHostInputs(staging("a"), staging("a")));
    refused(
        "duplicate host output name: \"a\"",
        () -> ChipBootstrapConfig.of(COMM).withHostOutputs(staging("a"), staging("a")));

    ChipBootstrapConfig both =
        ChipBootstrapConfig.of(COMM, buffer("a"))
            .withHostInputs(staging("a"))
            .withHostOutputs(staging("a"));
    assertEquals(staging("a"), both.inputStaging("a"));
    assertEquals(staging("a"), both.outputStaging("a"));
  }

  @Test
  void what_is_not_staged_is_said_with_what_is() {
    ChipBootstrapConfig config =
        ChipBootstrapConfig.of(COMM).withHostInputs(staging("x"), staging("y"));

    refused("no host input \"z\"; there are [x, y]", () -> config.inputStaging("z"));
    refused("no host output \"x\"; there are []", () -> config.outputStaging("x"));
  }

  @Test
  void a_chip_has_as_many_buffers_as_its_channel() {
    List<ChipBufferSpec> most = IntStream.range(0, 376).mapToObj(i -> buffer("b" + i)).toList();
    List<ChipBufferSpec> more = IntStream.range(0, 377).mapToObj(i -> buffer("b" + i)).toList();

    assertEquals(
        376,
        new ChipBootstrapConfig(Optional.of(COMM), most, List.of(), List.of()).buffers().size());
    refused(
        "377 buffers",
        () -> new ChipBootstrapConfig(Optional.of(COMM), more, List.of(), List.of()));
  }

  @Test
  void ranks_and_windows_have_their_ranges() {
    for (int nranks : new int[] {Integer.MIN_VALUE, -1, 0, CommContext.MAX_RANKS + 1}) {
      refused("nranks", () -> new ChipCommBootstrapConfig(0, nranks, Optional.empty(), 1));
    }
    for (int rank : new int[] {-1, 2, Integer.MAX_VALUE}) {
      refused("rank", () -> new ChipCommBootstrapConfig(rank, 2, Optional.empty(), 1));
    }
    for (long size : new long[] {Long.MIN_VALUE, -1, 0}) {
      refused("windowSize", () -> new ChipCommBootstrapConfig(0, 1, Optional.empty(), size));
    }
    assertEquals(63, new ChipCommBootstrapConfig(63, 64, Optional.empty(), 1).rank());
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void a_buffer_has_the_bytes_of_its_elements(DataType type) {
    long most = Long.MAX_VALUE / type.bytes();

    assertEquals(3L * type.bytes(), ChipBufferSpec.of("b", type, 3).bytes());
    assertEquals(most * type.bytes(), ChipBufferSpec.of("b", type, most).bytes());
    if (type.bytes() > 1) {
      refused("overflow", () -> ChipBufferSpec.of("b", type, most + 1));
      refused("overflow", () -> ChipBufferSpec.of("b", type, Long.MAX_VALUE));
    }
    for (long count : new long[] {Long.MIN_VALUE, -1, 0}) {
      refused("at least 1 element", () -> ChipBufferSpec.of("b", type, count));
    }
  }

  @Test
  void types_have_the_sizes_that_kernels_know() {
    assertEquals(
        List.of(1, 2, 2, 2, 4, 4, 8, 8),
        List.of(
                DataType.INT8,
                DataType.INT16,
                DataType.FLOAT16,
                DataType.BFLOAT16,
                DataType.INT32,
                DataType.FLOAT32,
                DataType.INT64,
                DataType.FLOAT64)
            .stream()
            .map(DataType::bytes)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -8, -1, 0, 3, 12, Integer.MAX_VALUE})
  void an_alignment_that_is_no_power_of_two_is_refused(int alignment) {
    refused("power of two", () -> buffer("b").withAlignment(alignment));
  }

  @Test
  void copies_of_a_buffer_differ_in_what_was_asked_for_only() {
    ChipBufferSpec plain = buffer("b");
    assertEquals(8, plain.alignment());
    assertEquals("window", plain.placement());
    assertEquals(
        new ChipBufferSpec("b", DataType.FLOAT32, 16, 1 << 30, "window", true, true),
        plain.loadedFromHost().storedToHost().withAlignment(1 << 30));
    assertFalse(plain.loadedFromHost().storeToHost());
    assertFalse(plain.storedToHost().loadFromHost());
  }

  @Test
  void blank_names_and_nothing_are_refused() {
    refused("blank", () -> buffer(" "));
    refused("blank", () -> staging(""));
    refused("at least 1 byte", () -> new HostBufferStaging("s", Path.of("s"), 0));
  }

  @Test
  void a_host_buffer_is_a_file_of_this_user_until_it_is_closed() throws IOException {
    HostBuffer buffer = HostBuffer.create("input", 64);
    Path file = buffer.staging().file();
    try (buffer) {
      assertEquals(new HostBufferStaging("input", file, 64), buffer.staging());
      assertEquals(64, Files.size(file));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertArrayEquals(new byte[64], Files.readAllBytes(file));
      assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.bytes().order());

      buffer.bytes().putLong(0x0102).putLong(7);

      assertEquals(0, buffer.bytes().position());
      byte[] expected = new byte[64];
      expected[0] = 2;
      expected[1] = 1;
      expected[8] = 7;
      assertArrayEquals(expected, Files.readAllBytes(file));
    }
    assertFalse(Files.exists(file));
    buffer.close();
    assertEquals(0x0102, buffer.bytes().getLong());
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1L << 31, Long.MAX_VALUE})
  void a_host_buffer_of_an_impossible_size_is_refused(long size) {
    refused("1 to 2147483647", () -> HostBuffer.create("b", size));
  }

  @Test
  void a_host_buffer_without_a_name_is_refused() {
    refused("blank", () -> HostBuffer.create(" ", 1));
  }
}
