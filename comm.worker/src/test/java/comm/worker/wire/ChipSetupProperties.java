package comm.worker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import comm.worker.chip.ChipBootstrapChannel;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.DataType;
import comm.worker.chip.HostBufferStaging;
import comm.worker.kernel.HostRuntime;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What a chip's process is told is what the worker meant. */
class ChipSetupProperties {

  @Property(tries = 500)
  void what_was_encoded_is_decoded(@ForAll("setups") ChipSetup setup) throws IOException {
    assertEquals(setup, ChipSetup.decode(setup.encode()));
  }

  @Property(tries = 200)
  void what_was_cut_off_is_refused(@ForAll("setups") ChipSetup setup, @ForAll int place) {
    byte[] bytes = setup.encode();
    byte[] cut = new byte[Math.floorMod(place, bytes.length)];
    System.arraycopy(bytes, 0, cut, 0, cut.length);

    assertThrowsExactly(EOFException.class, () -> ChipSetup.decode(cut));
  }

  @Property
  void any_bytes_are_a_setup_or_refused(@ForAll @Size(max = 500) byte[] garbage) {
    try {
      ChipSetup.decode(garbage);
    } catch (IOException | IllegalArgumentException e) {
      // Refused.
    }
  }

  @Example
  void a_file_has_the_setup_of_its_chip() throws IOException {
    Path directory = Files.createTempDirectory("chip-file");
    try {
      ChipSetup setup = setups().sample();
      ChipFile made = ChipFile.create(directory, 3, setup);
      ChipFile opened = ChipFile.open(directory, 3);

      assertEquals(setup, opened.setup());
      made.mailbox().step(Step.CARVE);
      assertEquals(Step.CARVE, opened.mailbox().step());
      made.channel().writeError(1, "told");
      assertEquals(ChipBootstrapChannel.State.ERROR, opened.channel().state());
      assertEquals("told", opened.channel().errorMessage());
      // The channel and the mailbox lie side by side and don't overlap.
      assertEquals(Mailbox.State.IDLE, opened.mailbox().state());
      opened.mailbox().data(4).order(ByteOrder.BIG_ENDIAN).putInt(0, -1);
      assertThrowsExactly(IOException.class, made::setup);
    } finally {
      Files.delete(ChipFile.path(directory, 3));
      Files.delete(directory);
    }
  }

  @Example
  void a_setup_that_is_longer_than_its_file_is_refused() throws IOException {
    List<ChipBufferSpec> buffers =
        IntStream.range(0, 376)
            .mapToObj(i -> ChipBufferSpec.of("x".repeat(5000) + i, DataType.INT8, 1))
            .toList();
    ChipBootstrapConfig config =
        new ChipBootstrapConfig(
            Optional.of(new ChipCommBootstrapConfig(0, 1, Optional.empty(), 4096)),
            buffers,
            List.of(),
            List.of());
    ChipSetup setup =
        new ChipSetup(0, Optional.empty(), Optional.empty(), Duration.ofSeconds(1), true, config);
    Path directory = Files.createTempDirectory("chip-file");
    try {
      assertThrowsExactly(
          IllegalArgumentException.class, () -> ChipFile.create(directory, 0, setup));
    } finally {
      Files.delete(directory);
    }
  }

  @Provide
  Arbitrary<ChipSetup> setups() {
    return Combinators.combine(
            Arbitraries.integers(),
            runtimes().optional(),
            names().optional(),
            Arbitraries.longs().map(Duration::ofNanos),
            Arbitraries.of(true, false),
            bootstraps())
        .as(ChipSetup::new);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().ofMinLength(1).ofMaxLength(12).filter(name -> !name.isBlank());
  }

  private static Arbitrary<Path> paths() {
    return Arbitraries.strings().withChars("abc./ é√").ofMinLength(1).ofMaxLength(20).map(Path::of);
  }

  private static Arbitrary<HostRuntime> runtimes() {
    return Combinators.combine(paths(), paths().optional(), paths().optional(), paths().optional())
        .as(HostRuntime::new);
  }

  private static Arbitrary<ChipBootstrapConfig> bootstraps() {
    Arbitrary<ChipCommBootstrapConfig> comms =
        Arbitraries.integers()
            .between(1, 64)
            .flatMap(
                nranks ->
                    Combinators.combine(
                            Arbitraries.integers().between(0, nranks - 1),
                            paths().optional(),
                            Arbitraries.longs().greaterOrEqual(1))
                        .as(
                            (rank, path, size) ->
                                new ChipCommBootstrapConfig(rank, nranks, path, size)));
    return Combinators.combine(
            comms.optional(),
            buffers().list().ofMaxSize(9).uniqueElements(ChipBufferSpec::name),
            stagings(),
            stagings())
        .as(ChipBootstrapConfig::new);
  }

  private static Arbitrary<ChipBufferSpec> buffers() {
    return Combinators.combine(
            names(),
            Arbitraries.of(DataType.class),
            Arbitraries.longs().between(1, Long.MAX_VALUE / 8),
            Arbitraries.integers().between(0, 30).map(shift -> 1 << shift),
            Arbitraries.strings().ofMaxLength(9),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(ChipBufferSpec::new);
  }

  private static Arbitrary<List<HostBufferStaging>> stagings() {
    return Combinators.combine(names(), paths(), Arbitraries.longs().greaterOrEqual(1))
        .as(HostBufferStaging::new)
        .list()
        .ofMaxSize(5)
        .uniqueElements(HostBufferStaging::name);
  }
}
