package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CodecProperties {

  private static final int RANK_AT = 16;
  private static final int RANKS_AT = 20;

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withCharRange('\u0001', '\u007f').ofMinLength(1).ofMaxLength(127);
  }

  @Provide
  Arbitrary<CommSettings> settings() {
    Arbitrary<OptionalInt> sizes =
        Arbitraries.integers().between(1, 1 << 20).optional().map(CodecProperties::primitive);
    return Combinators.combine(sizes, names().optional()).as(CommSettings::new);
  }

  private static OptionalInt primitive(Optional<Integer> value) {
    return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int word(byte[] bytes, int offset) {
    return buffer(bytes).getInt(offset);
  }

  private static void putLong(byte[] bytes, int offset, long value) {
    buffer(bytes).putLong(offset, value);
  }

  @Property
  void settings_come_back(@ForAll("settings") CommSettings settings) {
    byte[] bytes = settings.encode();

    assertEquals(300, bytes.length);
    assertEquals(settings, CommSettings.decode(bytes));
    byte[] head = {44, 1, 0, 0, 0, 0, 0, 0, -16, -16, -16, -16, 5, 0, 0, 0};
    assertArrayEquals(head, Arrays.copyOf(bytes, 16));
    assertEquals(-1, word(bytes, 28));
    assertEquals(0, word(bytes, 288));
    assertEquals(-1, word(bytes, 292));
    assertEquals(-1, word(bytes, 296));
  }

  @Property
  void physical_memory_is_on_its_device(@ForAll int attr, @ForAll int device) {
    byte[] bytes = new PhysicalMemory(attr, device).encode();

    assertEquals(32, bytes.length);
    assertEquals(attr, word(bytes, 8));
    assertEquals(device, word(bytes, 12));
    assertEquals(1, word(bytes, 16));
  }

  @Property
  void tiling_is_what_it_was_asked_to_be(
      @ForAll("names") String group, @ForAll("names") String algConfig, @ForAll boolean mesh) {
    int topology = mesh ? CannAbi.COMM_TOPO_1DMESH : CannAbi.COMM_TOPO_910_93;
    byte[] bytes = new Tiling(group, algConfig, topology).encode();

    assertEquals(100, word(bytes, 0));
    assertEquals(1, word(bytes, 4));
    assertEquals(64, word(bytes, 8));
    assertEquals(48, bytes[44]);
    assertEquals(mesh ? 2 : 4, bytes[46]);
    assertEquals(1, bytes[64 + 3]);
    assertEquals(3, bytes[64 + 13]);
    assertEquals(group, CText.text(Arrays.copyOfRange(bytes, 64 + 16, 64 + 144)));
    assertEquals(algConfig, CText.text(Arrays.copyOfRange(bytes, 64 + 144, 64 + 272)));
    assertEquals(18, word(bytes, 64 + 272));
    assertEquals(0, word(bytes, 64 + 276));
  }

  @Property
  void the_windows_of_an_a2_are_found(
      @ForAll @IntRange(min = 1, max = 32) int ranks, @ForAll @IntRange(max = 31) int some)
      throws CannException {
    int rank = some % ranks;
    byte[] bytes = a2(rank, ranks);

    Mc2Context context = Mc2Context.a2(bytes, rank, ranks);

    assertEquals(1 << 20, context.winSize());
    assertEquals(77, context.workSpace());
    assertEquals(78, context.workSpaceSize());
    for (int i = 0; i < ranks; i++) {
      assertEquals(window(i), context.windowsIn()[i]);
      assertEquals(-window(i), context.windowsOut()[i]);
    }
    assertImplausible(
        "rank " + rank + " of " + ranks,
        () -> Mc2Context.a2(bytes, rank, ranks % 32 + 1),
        ranks % 32 + 1 != ranks);
    putLong(bytes, 32 + 8 * rank, 0);
    assertImplausible("no window of rank " + rank, () -> Mc2Context.a2(bytes, rank, ranks), true);
  }

  private static byte[] a2(int rank, int ranks) {
    byte[] bytes = new byte[8928];
    head(bytes, rank, ranks);
    for (int i = 0; i < ranks; i++) {
      putLong(bytes, 32 + 8 * i, window(i));
      putLong(bytes, 288 + 8 * i, -window(i));
    }
    return bytes;
  }

  private static void head(byte[] bytes, int rank, int ranks) {
    putLong(bytes, 0, 77);
    putLong(bytes, 8, 78);
    bytes[RANK_AT] = (byte) rank;
    bytes[RANKS_AT] = (byte) ranks;
    putLong(bytes, 24, 1 << 20);
  }

  private static long window(int rank) {
    return 0x1_2000_0000_0000L + ((long) rank << 30);
  }

  @Property
  void the_windows_of_an_a3_are_found(
      @ForAll @IntRange(min = 1, max = 64) int ranks,
      @ForAll @IntRange(max = 63) int some,
      @ForAll @IntRange(max = 63) int other)
      throws CannException {
    int rank = some % ranks;
    byte[] bytes = a3(rank, ranks);
    DeviceReader reader = CodecProperties::relation;

    Mc2Context context = Mc2Context.a3(bytes, rank, ranks, Tiling.FULL_MESH, reader);

    for (int i = 0; i < ranks; i++) {
      assertEquals(window(i), context.windowsIn()[i]);
      assertEquals(-window(i), context.windowsOut()[i]);
    }
    int peer = other % ranks;
    putLong(bytes, 2984 + 16 * peer + 8, 0);
    assertImplausible(
        "no connection to rank " + peer + " (nextDevicePtr is NULL)",
        () -> Mc2Context.a3(bytes, rank, ranks, Tiling.FULL_MESH, reader),
        peer != rank);
  }

  private static byte[] a3(int rank, int ranks) {
    byte[] bytes = new byte[Mc2Context.a3Bytes(ranks)];
    head(bytes, rank, ranks);
    putLong(bytes, 32, window(rank));
    putLong(bytes, 40, -window(rank));
    for (int i = 0; i < ranks; i++) {
      putLong(bytes, 2984 + 16 * i, 1);
      putLong(bytes, 2984 + 16 * i + 8, i == rank ? 0 : 1000 + i);
    }
    return bytes;
  }

  private static byte[] relation(long address, int length) {
    byte[] bytes = new byte[length];
    bytes[0] = (byte) (address - 1000);
    putLong(bytes, 8, window((int) address - 1000));
    putLong(bytes, 16, -window((int) address - 1000));
    return bytes;
  }

  private interface Reading {
    Mc2Context read() throws CannException;
  }

  private static void assertImplausible(String words, Reading reading, boolean is) {
    if (is) {
      CannException e = assertThrows(CannException.class, reading::read);
      assertEquals("HcclAllocComResourceByTiling", e.function());
      assertTrue(e.text().contains(words), e.text());
    }
  }

  @Property
  void a_missing_connection_names_what_was_asked_for(@ForAll("names") String algConfig) {
    byte[] bytes = a3(0, 2);
    putLong(bytes, 2984 + 16 + 8, 0);

    CannException e =
        assertThrows(
            CannException.class,
            () -> Mc2Context.a3(bytes, 0, 2, algConfig, CodecProperties::relation));

    assertTrue(e.advice().contains("\"" + algConfig + "\""), e.advice());
  }

  @Property
  void a_text_that_does_not_fit_is_refused(@ForAll @IntRange(min = 128, max = 200) int length) {
    String name = "n".repeat(length);

    assertThrows(
        IllegalArgumentException.class,
        () -> new CommSettings(OptionalInt.empty(), Optional.of(name)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tiling(name, Tiling.FULL_MESH, CannAbi.COMM_TOPO_910_93).encode());
  }
}
