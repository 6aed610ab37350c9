package comm.testkit.conformance.wrong;

import comm.api.CommContext;
import comm.api.spi.BackendWindows;
import comm.testkit.conformance.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends that say something wrong of their windows. */
final class WrongContexts {

  private WrongContexts() {}

  static Stream<Wrong> all() {
    return Stream.of(
        size("a window is a byte too small", " asked for 1 bytes and got 0", 0),
        size("size() differs between ranks", "asked for 1 bytes: size() there and on rank ", 1),
        context(
            "the context is another rank's",
            Rule.W3,
            ": rankId ==> expected: <",
            it -> with(it, (it.rankId() + 1) % it.rankNum(), it.windowsIn(), it.windowsOut())),
        context(
            "an address in the context is 0",
            Rule.W3,
            ": an address is 0 in windowsIn=[",
            it -> with(it, it.rankId(), replaced(it.windowsIn(), 1, 0), it.windowsOut())),
        context(
            "two addresses in the context are equal",
            Rule.W3,
            ": different ones in windowsIn=[",
            it ->
                with(
                    it,
                    it.rankId(),
                    replaced(it.windowsIn(), 1, it.windowsIn().get(0)),
                    it.windowsOut())),
        context(
            "windowsOut has one address that is not 0",
            Rule.W3,
            " is neither 0 nor windowsIn=[",
            it ->
                with(
                    it,
                    it.rankId(),
                    it.windowsIn(),
                    replaced(Collections.nCopies(it.rankNum(), 0L), 0, 4096))),
        context(
            "two addresses are swapped on one rank",
            Rule.W4,
            ": windowsIn of allocation 0 on rank ",
            it ->
                it.rankId() == 1
                    ? with(it, 1, swapped(it.windowsIn()), swapped(it.windowsIn()))
                    : it),
        device("deviceContext() is 0", ": deviceContext() ==> expected: not equal", any -> 0),
        device(
            "all allocations have one deviceContext()",
            ": deviceContext() of two allocations ==> expected: not equal",
            any -> 4096),
        context(
            "windows don't start at pages",
            Rule.W14,
            ": addresses not divisible by 4096 ==> expected: <[]> but was: <[",
            it -> {
              List<Long> odd = it.windowsIn().stream().map(address -> address + 64).toList();
              return with(it, it.rankId(), odd, odd);
            }),
        attributes(
            "attributes() has a null",
            ": an attribute is null: strategy=null",
            windows -> {
              Map<String, String> facts = new HashMap<>();
              facts.put("strategy", null);
              return facts;
            }),
        attributes(
            "attributes() waits",
            Wrong.HANGS,
            windows -> {
              WrongAnswers.sleep();
              return Map.of();
            }));
  }

  private static Wrong size(String name, String message, int which) {
    return Wrong.windows(
        name,
        Rule.W1,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              public long size() {
                return which == 0 ? super.size() - 1 : super.size() + rank;
              }
            });
  }

  private static Wrong context(
      String name, Rule rule, String message, UnaryOperator<CommContext> lie) {
    return Wrong.windows(
        name,
        rule,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              public CommContext context() {
                return lie.apply(super.context());
              }
            });
  }

  private static CommContext with(CommContext it, int rank, List<Long> in, List<Long> out) {
    return new CommContext(0, 0, rank, it.rankNum(), it.winSize(), in, out);
  }

  private static List<Long> replaced(List<Long> addresses, int index, long address) {
    List<Long> changed = new ArrayList<>(addresses);
    changed.set(index, address);
    return changed;
  }

  private static List<Long> swapped(List<Long> addresses) {
    List<Long> changed = new ArrayList<>(addresses);
    Collections.swap(changed, 0, 1);
    return changed;
  }

  private static Wrong device(String name, String message, LongUnaryOperator address) {
    return Wrong.windows(
        name,
        Rule.W5,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              public long deviceContext() {
                return address.applyAsLong(super.deviceContext());
              }
            });
  }

  private interface Facts {
    Map<String, String> of(BackendWindows windows);
  }

  private static Wrong attributes(String name, String message, Facts facts) {
    return Wrong.windows(
        name,
        Rule.W15,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              public Map<String, String> attributes() {
                return facts.of(windows);
              }
            });
  }
}
