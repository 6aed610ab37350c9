package comm.backend.hccl.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.BackendFailure;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Positive;
import net.jqwik.api.constraints.Size;

/** What ranks tell each other about an allocation, and sizes as devices have them. */
class MessagesProperties {

  @Property
  void a_proposal_comes_back_as_it_was(
      @ForAll long bytes,
      @ForAll int strategies,
      @ForAll @IntRange(max = 63) int rank,
      @ForAll int device,
      @ForAll int tgid)
      throws BackendFailure {
    Proposal proposal = new Proposal(bytes, strategies, new Member(rank, device, tgid));

    assertEquals(proposal, Proposal.decode(proposal.encode(), rank));
  }

  @Property
  void an_answer_comes_back_as_it_was(
      @ForAll @LongRange(min = 0) long size,
      @ForAll @LongRange(min = 0) long granularity,
      @ForAll @Size(max = 256) byte[] handle)
      throws BackendFailure {
    Sharing.Offer offer = new Sharing.Offer(size, granularity, handle);
    Proposal.Answer answer = Proposal.Answer.decode(Proposal.Answer.yes(offer).encode(), 0);

    assertTrue(answer.worked());
    assertEquals(size, answer.offer().size());
    assertEquals(granularity, answer.offer().granularity());
    assertArrayEquals(handle, answer.offer().handle());
  }

  @Property
  void a_no_keeps_its_reason() throws BackendFailure {
    Proposal.Answer answer = Proposal.Answer.decode(Proposal.Answer.no("gave 207000").encode(), 5);

    assertEquals("gave 207000", answer.reason());
    assertTrue(!answer.worked());
  }

  @Property
  void an_answer_that_was_cut_is_refused(
      @ForAll @Size(max = 100) byte[] handle, @ForAll @Positive int seed) {
    byte[] bytes = Proposal.Answer.yes(new Sharing.Offer(1, 1, handle)).encode();
    byte[] cut = Arrays.copyOf(bytes, seed % bytes.length);

    assertThrows(BackendFailure.class, () -> Proposal.Answer.decode(cut, 0));
  }

  @Property
  void any_bytes_are_read_or_refused_with_a_failure(@ForAll @Size(max = 200) byte[] bytes) {
    try {
      Proposal.decode(bytes, 1);
      Proposal.Answer.decode(bytes, 1);
    } catch (BackendFailure refused) {
      assertTrue(String.valueOf(refused.failure()).contains("rank 1"));
    }
  }

  @Property
  void a_rounded_size_is_a_multiple_and_the_least_that_is_enough(
      @ForAll @LongRange(min = 1) long bytes,
      @ForAll @LongRange(min = 1, max = 1L << 40) long granularity) {
    long rounded = Sizes.roundUp(bytes, granularity);

    assertEquals(0, rounded % granularity);
    if (bytes <= Long.MAX_VALUE - granularity) {
      assertTrue(rounded >= bytes && rounded - bytes < granularity);
    } else {
      assertTrue(rounded > 0);
    }
  }
}
