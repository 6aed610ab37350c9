package comm.backend.hccl.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.RankStatus;
import comm.api.spi.Failure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CodecProperties {

  private static Arbitrary<String> texts() {
    // Up to the surrogates, one half of which is no text.
    return Arbitraries.strings().withCharRange('\u0001', '\ud7ff').ofMaxLength(100);
  }

  private static Arbitrary<Integer> ranks() {
    return Arbitraries.integers().between(0, 63);
  }

  private static Arbitrary<RankStatus> statuses() {
    return Combinators.combine(
            ranks(),
            Arbitraries.of(RankStatus.State.class),
            Arbitraries.longs().greaterOrEqual(1).optional(),
            texts(),
            texts())
        .as(
            (rank, state, pid, operation, remark) ->
                new RankStatus(
                    rank,
                    state,
                    pid.isPresent() ? OptionalLong.of(pid.get()) : OptionalLong.empty(),
                    operation,
                    remark));
  }

  private static Arbitrary<Failure> failures() {
    Arbitrary<Failure> timeouts =
        Combinators.combine(statuses().list().ofMaxSize(64), texts()).as(Failure.TimedOut::new);
    Arbitrary<Failure> peers = statuses().map(Failure.PeerFailed::new);
    Arbitrary<Failure> mismatches =
        Combinators.combine(texts(), ranks(), texts(), ranks(), texts()).as(Failure.Mismatch::new);
    // Which other letters a path may have is up to the system's character set.
    Arbitrary<Path> paths = Arbitraries.strings().alpha().ofMinLength(1).map(Path::of);
    Arbitrary<Failure> rendezvous =
        Combinators.combine(paths, texts(), texts()).as(Failure.Rendezvous::new);
    Arbitrary<Failure> shortages =
        Combinators.combine(texts(), Arbitraries.longs(), Arbitraries.longs(), texts())
            .as(Failure.Exhausted::new);
    Arbitrary<Failure> calls =
        Combinators.combine(texts(), Arbitraries.integers(), texts(), texts(), texts())
            .as(Failure.NativeCall::new);
    return Arbitraries.oneOf(
        timeouts,
        peers,
        mismatches,
        rendezvous,
        shortages,
        calls,
        Arbitraries.just(new Failure.Interrupted()));
  }

  @Provide
  Arbitrary<Verdict> verdicts() {
    return Combinators.combine(failures().optional(), ranks()).as(Verdict::new);
  }

  @Provide
  Arbitrary<RankRecord> records() {
    Arbitrary<List<Long>> numbers = Arbitraries.longs().list().ofSize(7);
    Arbitrary<String> names =
        Arbitraries.strings().withCharRange('\u0001', '\ud7ff').ofMaxLength(200);
    return Combinators.combine(
            Arbitraries.of(true, false), Arbitraries.integers(), numbers, names, names)
        .as(
            (left, operation, n, hostId, hostName) ->
                new RankRecord(
                    left, operation, n.get(0), n.get(1), n.get(2), n.get(3), n.get(4), n.get(5),
                    n.get(6), hostId, hostName));
  }

  @Provide
  Arbitrary<RootInfo> infos() {
    Arbitrary<String> tokens = Arbitraries.strings().withChars("0123456789abcdef").ofLength(32);
    Arbitrary<Integer> sizes = Arbitraries.integers().greaterOrEqual(1);
    return Combinators.combine(tokens, sizes, Arbitraries.longs(), texts(), texts())
        .as(RootInfo::new);
  }

  /** One of each, encoded. */
  @Provide
  Arbitrary<byte[]> messages() {
    return Arbitraries.oneOf(
        verdicts().map(Verdict::encode),
        records().map(RankRecord::encode),
        infos().map(RootInfo::encode),
        Combinators.combine(
                Arbitraries.longs().list().ofMinSize(1).ofMaxSize(64),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(5000))
            .as((nonces, rootInfo) -> new Go(nonces, rootInfo).encode()));
  }

  private static void assertNothing(byte[] bytes) {
    assertEquals(Optional.empty(), Verdict.decode(bytes));
    assertEquals(Optional.empty(), RankRecord.decode(bytes));
    assertEquals(Optional.empty(), RootInfo.decode(bytes));
    assertEquals(Optional.empty(), Go.decode(bytes));
  }

  @Property
  void verdicts_come_back(@ForAll("verdicts") Verdict verdict) {
    assertEquals(Optional.of(verdict), Verdict.decode(verdict.encode()));
  }

  @Property
  void records_come_back_and_have_one_length(@ForAll("records") RankRecord record) {
    byte[] bytes = record.encode();

    assertEquals(RankRecord.LENGTH, bytes.length);
    assertEquals(Optional.of(record), RankRecord.decode(bytes));
  }

  @Property
  void root_infos_come_back(@ForAll("infos") RootInfo info) {
    assertEquals(Optional.of(info), RootInfo.decode(info.encode()));
  }

  @Property
  void the_word_to_go_comes_back(
      @ForAll @Size(min = 1, max = 64) List<Long> nonces,
      @ForAll @Size(max = 5000) byte[] rootInfo) {
    Go go = Go.decode(new Go(nonces, rootInfo).encode()).orElseThrow();

    assertEquals(nonces, go.nonces());
    assertArrayEquals(rootInfo, go.rootInfo());
  }

  @Property
  void one_changed_byte_is_noticed(
      @ForAll("messages") byte[] bytes,
      @ForAll @IntRange(max = 10_000) int where,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    bytes[where % bytes.length] ^= (byte) change;

    assertNothing(bytes);
  }

  @Property
  void a_part_is_nothing(
      @ForAll("messages") byte[] bytes, @ForAll @IntRange(max = 10_000) int length) {
    assertNothing(Arrays.copyOf(bytes, length % bytes.length));
  }

  @Property
  void garbage_is_nothing(@ForAll byte[] garbage) {
    assertNothing(garbage);
  }

  /** A sound frame says nothing about what is in it. */
  @Property
  void garbage_in_a_frame_is_refused_without_an_exception(
      @ForAll @IntRange(min = 1, max = 4) int version, @ForAll byte[] garbage) {
    byte[] bytes = Bytes.frame(version, garbage);

    Verdict.decode(bytes).ifPresent(verdict -> assertEquals(4, version));
    RankRecord.decode(bytes).ifPresent(record -> assertEquals(1, version));
    RootInfo.decode(bytes).ifPresent(info -> assertEquals(2, version));
    Go.decode(bytes).ifPresent(go -> assertEquals(3, version));
  }
}
