package comm.testkit.run;

import comm.testkit.RankOutcome;
import java.io.Serializable;
import java.util.Optional;

/** What a test and its rank processes say to each other. */
sealed interface Message extends Serializable {

  /** Rank to test, first of all: which process this is. */
  record Hello(int slot) implements Message {}

  /** Test to rank: run a body, given in its packed form. */
  record Run(long run, RankPlace place, String body) implements Message {}

  /** Rank to test: the body has ended. */
  record Ended(long run, RankOutcome outcome) implements Message {}

  /** Rank to test: write on the board. Answered when it is written. */
  record Post(long run, long question, String key, String value) implements Message {}

  /** Rank to test: what stands on the board? Answered when something does, or at once. */
  record Ask(long run, long question, String key, boolean waits) implements Message {}

  /** Rank to test: kill me. */
  record Kill() implements Message {}

  /** Rank to test: stop me for a time. */
  record Freeze(long question, long nanos) implements Message {}

  /** Test to rank: what a question has led to. */
  record Answer(long question, Optional<String> value) implements Message {
    // Optional isn't serializable, and null never leaves this record.
    private Object writeReplace() {
      return new Written(question, value.isPresent(), value.orElse(""));
    }

    private record Written(long question, boolean isPresent, String value) implements Message {
      private Object readResolve() {
        return new Answer(question, isPresent ? Optional.of(value) : Optional.empty());
      }
    }
  }

  /** Test to rank: show the stacks of all threads. */
  record Dump() implements Message {}

  /** Rank to test: the stacks. */
  record Stacks(String text) implements Message {}
}
