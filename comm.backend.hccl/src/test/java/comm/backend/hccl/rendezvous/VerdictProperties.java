package comm.backend.hccl.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.Failure;
import java.nio.charset.StandardCharsets;
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
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Positive;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What ranks write for each other comes back as it was, or not at all. */
class VerdictProperties {

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().all().ofMaxLength(40).map(VerdictProperties::encodable);
  }

  /** Without halves of characters, which no encoding keeps. */
  private static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static Arbitrary<Integer> ranks() {
    return Arbitraries.integers().between(0, 63);
  }

  private static Arbitrary<RankStatus> statuses() {
    return Combinators.combine(
            ranks(),
            Arbitraries.of(RankStatus.State.class),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            texts(),
            texts())
        .as(
            (rank, state, pid, operation, remark) ->
                new RankStatus(
                    rank,
                    state,
                    pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid),
                    operation,
                    remark));
  }

  @Provide
  Arbitrary<Verdict> verdicts() {
    Arbitrary<Failure> failures =
        Arbitraries.oneOf(
            Combinators.combine(statuses().list().ofMaxSize(64), texts()).as(Failure.TimedOut::new),
            statuses().map(Failure.PeerFailed::new),
            Combinators.combine(texts(), ranks(), texts(), ranks(), texts())
                .as(Failure.Mismatch::new),
            Combinators.combine(texts(), texts())
                .as((problem, advice) -> new Failure.Rendezvous(Path.of("/x"), problem, advice)),
            Combinators.combine(texts(), Arbitraries.longs(), Arbitraries.longs(), texts())
                .as(Failure.Exhausted::new),
            Combinators.combine(texts(), Arbitraries.integers(), texts(), texts(), texts())
                .as(Failure.NativeCall::new),
            Arbitraries.just(new Failure.Interrupted()));
    return Combinators.combine(failures.optional(), ranks()).as(Verdict::new);
  }

  @Property
  void a_verdict_comes_back_as_it_was(@ForAll("verdicts") Verdict verdict) {
    assertEquals(Optional.of(verdict), Verdict.decode(verdict.encode()));
  }

  @Property
  void a_verdict_with_one_wrong_bit_is_refused(
      @ForAll("verdicts") Verdict verdict, @ForAll @Positive int seed) {
    byte[] bytes = verdict.encode();
    bytes[seed % bytes.length] ^= (byte) (1 << (seed % 7));

    assertEquals(Optional.empty(), Verdict.decode(bytes));
  }

  @Property
  void a_verdict_that_was_cut_is_refused(
      @ForAll("verdicts") Verdict verdict, @ForAll @Positive int seed) {
    byte[] bytes = verdict.encode();

    assertEquals(Optional.empty(), Verdict.decode(Arrays.copyOf(bytes, seed % bytes.length)));
  }

  @Property
  void any_bytes_are_refused_without_an_exception(@ForAll @Size(max = 600) byte[] bytes) {
    assertEquals(Optional.empty(), Verdict.decode(bytes));
    assertEquals(Optional.empty(), RankRecord.decode(bytes));
    assertEquals(Optional.empty(), RootInfo.decode(bytes));
    assertTrue(Go.decode(bytes).isEmpty());
  }

  /** Bodies whose frame is right: what a peer of another version, or with ill will, may write. */
  @Property
  void any_body_in_a_right_frame_is_read_or_refused_without_an_exception(
      @ForAll @Size(max = 300) byte[] body, @ForAll @IntRange(min = 1, max = 4) int version) {
    byte[] framed = Bytes.frame(version, body);

    Verdict.decode(framed);
    RankRecord.decode(framed);
    RootInfo.decode(framed);
    Go.decode(framed);
  }

  @Property
  void a_record_comes_back_as_it_was_and_has_always_one_length(
      @ForAll boolean left,
      @ForAll long step,
      @ForAll long below,
      @ForAll long also,
      @ForAll long pid,
      @ForAll @StringLength(max = 200) String host) {
    RankRecord record =
        new RankRecord(left, 2, step, below, also, 5, 6, pid, 7, ascii(host), ascii(host));

    assertEquals(RankRecord.LENGTH, record.encode().length);
    assertEquals(Optional.of(record), RankRecord.decode(record.encode()));
  }

  private static String ascii(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  @Property
  void a_record_knows_what_was_released(
      @ForAll @LongRange(min = 0, max = 1000) long below,
      @ForAll long also,
      @ForAll @LongRange(min = 0, max = 2000) long windows) {
    RankRecord record = new RankRecord(false, 0, 0, below, also, 0, 0, 0, 0, "", "");

    boolean expected =
        windows < below || (windows - below < 64 && ((also >>> (windows - below)) & 1) == 1);
    assertEquals(expected, record.hasReleased(windows));
  }

  @Property
  void the_go_comes_back_as_it_was(
      @ForAll @Size(min = 1, max = 64) List<Long> nonces, @ForAll @Size(max = 5000) byte[] info) {
    Go go = Go.decode(new Go(nonces, info).encode()).orElseThrow();

    assertEquals(nonces, go.nonces());
    assertArrayEquals(info, go.rootInfo());
  }
}
