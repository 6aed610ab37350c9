package comm.worker.chip;

import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Any calls in any order: each does what the state allows, and nothing escapes but what it says.
 */
@SuppressWarnings("try") // closing twice is among what is tried
class ChipWorkerModelProperties {

  /** A call, and its words for a report. */
  private record Call(String words, Consumer<ChipModel> on) {
    @Override
    public String toString() {
      return words;
    }
  }

  private static final Call CLOSE = new Call("close()", ChipModel::close);

  @Property(tries = 2000)
  void a_worker_is_always_where_its_model_is(@ForAll("calls") List<Call> calls) {
    try (ChipModel model = new ChipModel()) {
      model.assertSame();
      for (Call call : calls) {
        call.on().accept(model);
        model.assertSame();
      }
      CLOSE.on().accept(model);
      model.assertSame();
    }
  }

  /**
   * What nearly every sequence needs, so that the rest is not spent on workers without a device.
   */
  @Property(tries = 1000)
  void a_worker_with_a_device_is_always_where_its_model_is(@ForAll("calls") List<Call> calls) {
    try (ChipModel model = new ChipModel()) {
      model.init();
      model.setDevice(3);
      for (Call call : calls) {
        call.on().accept(model);
        model.assertSame();
      }
    }
  }

  @Provide
  Arbitrary<List<Call>> calls() {
    return Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(new Call("init()", ChipModel::init))),
            Tuple.of(4, devices()),
            Tuple.of(1, Arbitraries.just(new Call("resetDevice()", ChipModel::resetDevice))),
            Tuple.of(6, mallocs()),
            Tuple.of(5, frees()),
            Tuple.of(10, copies()),
            Tuple.of(4, runs()),
            Tuple.of(2, inits()),
            Tuple.of(2, handles()),
            Tuple.of(1, Arbitraries.just(CLOSE)))
        .list()
        .ofMaxSize(40);
  }

  private static Arbitrary<Call> devices() {
    return Arbitraries.integers()
        .between(-2, 8)
        .map(id -> new Call("setDevice(" + id + ")", model -> model.setDevice(id)));
  }

  private static Arbitrary<Call> mallocs() {
    return Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.longs().between(1, 3000)),
            Tuple.of(
                1,
                Arbitraries.of(Long.MIN_VALUE, -1L, 0L, ChipModel.MOST_BYTES + 1, Long.MAX_VALUE)))
        .map(bytes -> new Call("malloc(" + bytes + ")", model -> model.malloc(bytes)));
  }

  private static Arbitrary<Call> frees() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, indexes().map(i -> new Call("free(block " + i + ")", model -> model.free(i)))),
        Tuple.of(1, Arbitraries.just(new Call("free again", ChipModel::freeAgain))),
        Tuple.of(1, Arbitraries.just(new Call("use freed", ChipModel::useFreed))),
        Tuple.of(
            1,
            Arbitraries.longs()
                .edgeCases(edges -> edges.add(0L))
                .map(
                    address ->
                        new Call("free(" + address + ")", model -> model.freeForeign(address)))));
  }

  private static Arbitrary<Call> copies() {
    Arbitrary<Integer> offsets =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.integers().between(0, 200)),
            Tuple.of(1, Arbitraries.integers().between(-600, 4000)));
    Arbitrary<Call> in =
        Combinators.combine(
                indexes(), offsets, Arbitraries.bytes().array(byte[].class).ofMinSize(1))
            .as(
                (i, offset, bytes) ->
                    new Call(
                        "copyTo(block " + i + " + " + offset + ", " + bytes.length + " bytes)",
                        model -> model.copyTo(i, offset, bytes)));
    Arbitrary<Call> out =
        Combinators.combine(indexes(), offsets, Arbitraries.integers().between(1, 1000))
            .as(
                (i, offset, length) ->
                    new Call(
                        "copyFrom(block " + i + " + " + offset + ", " + length + " bytes)",
                        model -> model.copyFrom(i, offset, length)));
    return Arbitraries.oneOf(in, out);
  }

  private static Arbitrary<Call> runs() {
    return Arbitraries.oneOf(
        indexes().map(i -> new Call("run(sum, block " + i + ")", model -> model.run(i))),
        Arbitraries.just(new Call("run(unknown)", ChipModel::runUnknown)));
  }

  private static Arbitrary<Call> inits() {
    return Combinators.combine(
            Arbitraries.integers().between(-1, 3), Arbitraries.of(-1, 0, 1, 2, 64, 65))
        .as(
            (rank, nranks) ->
                new Call(
                    "commInit(" + rank + ", " + nranks + ")",
                    model -> model.commInit(rank, nranks)));
  }

  private static Arbitrary<Call> handles() {
    return Arbitraries.longs()
        .map(handle -> new Call("comm…(" + handle + ")", model -> model.useHandle(handle)));
  }

  private static Arbitrary<Integer> indexes() {
    return Arbitraries.integers().between(0, 9);
  }
}
