package comm.backend.hccl.window;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.DeviceThread;
import comm.backend.hccl.device.DeviceWork;
import comm.backend.hccl.rendezvous.Operation;
import comm.backend.hccl.rendezvous.Run;
import comm.backend.hccl.rendezvous.Wait;
import comm.backend.hccl.window.Proposal.Answer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One collective allocation. The ranks say what they want and can; then they try one strategy after
 * the other, each step of it followed by a vote, until one works on every rank. It works for all or
 * fails for all.
 */
public final class Allocation {

  private static final System.Logger LOGGER = System.getLogger(Allocation.class.getName());

  private final Device device;
  private final DeviceWork work;
  private final Run run;
  private final Departures departures;
  private final int rank;
  private final int size;
  private final boolean forced;
  private final WaitLimit accessLimit;
  private final BooleanSupplier cancelled;
  private final Map<StrategyName, String> objections;
  private final List<String> refusals = new ArrayList<>();

  /** Bytes that the device had left when memory was short. */
  private volatile long available;

  /**
   * An allocation about to begin.
   *
   * @param wanted the only strategy that may be used
   * @param objections what stands against each strategy on this rank
   * @param accessLimit how long a copy may take
   * @param cancelled whether this process closes the session
   */
  public Allocation(
      Device device,
      DeviceWork work,
      Run run,
      Departures departures,
      int rank,
      int size,
      Optional<StrategyName> wanted,
      Map<StrategyName, String> objections,
      WaitLimit accessLimit,
      BooleanSupplier cancelled) {
    this.accessLimit = accessLimit;
    this.cancelled = cancelled;
    this.device = device;
    this.work = work;
    this.run = run;
    this.departures = departures;
    this.rank = rank;
    this.size = size;
    this.forced = wanted.isPresent();
    this.objections = new EnumMap<>(objections);
    if (forced) {
      for (StrategyName other : StrategyName.values()) {
        if (other != wanted.get()) {
          this.objections.put(other, "another one is set by comm.hccl.strategy");
        }
      }
    }
  }

  /** Runs it to its end; unless it works, nothing of it stays on any rank. */
  public HcclWindows run(long bytes, long communicator, Wait wait) throws BackendFailure {
    List<Proposal> proposals = propose(bytes, wait);
    for (StrategyName name : StrategyName.values()) {
      if (proposals.stream().allMatch(proposal -> proposal.has(name))) {
        Attempt attempt =
            new Attempt(
                name, device, departures, Strategies.begin(name, device, communicator, rank, size));
        @Nullable HcclWindows windows = attempt(attempt, bytes, proposals, wait);
        if (windows != null) {
          return windows;
        }
      }
    }
    throw run.breakRun(none(proposals), wait.waited());
  }

  private List<Proposal> propose(long bytes, Wait wait) throws BackendFailure {
    int tgid = onDevice(this::tgid, bytes, wait);
    int possible = 0;
    for (StrategyName name : StrategyName.values()) {
      possible |= objection(name).isEmpty() ? name.bit() : 0;
    }
    Proposal own = new Proposal(bytes, possible, new Member(rank, device.id(), tgid));
    List<Proposal> proposals = meet(own.encode(), wait, Proposal::decode);
    for (int r = 0; r < size; r++) {
      long theirs = proposals.get(r).bytes();
      if (theirs != bytes) {
        throw mismatch("window size", bytes, r, theirs, wait);
      }
    }
    return proposals;
  }

  private <T> T onDevice(DeviceThread.Task<T> task, long bytes, Wait wait) throws BackendFailure {
    return work.perform(
        () -> {
          try {
            return task.run();
          } catch (CannException e) {
            if (Refusals.isShortage(e)) {
              available = device.freeMemory();
            }
            throw e;
          }
        },
        e -> Refusals.isShortage(e) ? shortage(bytes) : e.toFailure(),
        wait);
  }

  private Failure shortage(long bytes) {
    return new Failure.Exhausted(
        "memory of device " + device.id(),
        bytes,
        available,
        "ask for smaller windows, lower HCCL_BUFFSIZE (each communicator takes it twice), or see"
            + " with npu-smi info who else uses the device");
  }

  private String objection(StrategyName name) {
    return objections.getOrDefault(name, "");
  }

  private int tgid() throws CannException {
    return Strategies.listsPids(device.cann()) && objection(StrategyName.VMM).isEmpty()
        ? device.cann().acl().bareTgid()
        : 0;
  }

  /** Null if it doesn't work on some rank; then another strategy is to be tried. */
  private @Nullable HcclWindows attempt(
      Attempt attempt, long bytes, List<Proposal> proposals, Wait wait) throws BackendFailure {
    boolean works = false;
    try {
      List<Member> members = proposals.stream().map(Proposal::member).toList();
      Answer offer =
          onDevice(() -> answer(attempt, () -> attempt.offer(bytes, members)), bytes, wait);
      List<Answer> offered = meet(offer.encode(), wait, Answer::decode);
      if (isRefused(attempt.name(), offered)) {
        return null;
      }
      List<Sharing.Offer> offers = offered.stream().map(Answer::offer).toList();
      check(bytes, offers, wait);
      Attachment attachment = new Attachment();
      Answer attached =
          onDevice(
              () ->
                  answer(
                      attempt,
                      () -> {
                        attachment.result = attempt.attach(offers, members, rank);
                        return Sharing.Offer.NONE;
                      }),
              bytes,
              wait);
      if (isRefused(attempt.name(), meet(attached.encode(), wait, Answer::decode))) {
        return null;
      }
      works = true;
      return new HcclWindows(
          device,
          work,
          run,
          attempt,
          attachment.get(),
          attributes(attempt, bytes, offers),
          accessLimit,
          cancelled);
    } finally {
      if (!works) {
        undo(attempt);
      }
    }
  }

  /** Carries what the device's thread made back to the caller's. */
  private static final class Attachment {
    private Attempt.@Nullable Attached result;

    Attempt.Attached get() {
      Attempt.Attached made = result;
      if (made == null) {
        throw new IllegalStateException("windows were attached without a result");
      }
      return made;
    }
  }

  /** Handed over and not waited for: the thread may hang in the call that failed. */
  private void undo(Attempt attempt) {
    work.thread()
        .submit(
            () -> {
              try {
                attempt.release();
              } catch (CannException e) {
                // The allocation's own failure is on its way, and closing tries what is left.
                LOGGER.log(System.Logger.Level.WARNING, "can't undo a failed allocation", e);
              }
            });
  }

  private Map<String, String> attributes(Attempt attempt, long bytes, List<Sharing.Offer> offers) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("strategy", attempt.name().toString());
    attributes.put("device", Integer.toString(device.id()));
    attributes.put("requestedBytes", Long.toString(bytes));
    attributes.put("mappedBytes", Long.toString(offers.get(rank).size()));
    attributes.put("granularityBytes", Long.toString(offers.get(rank).granularity()));
    attributes.put("passedOver", String.join("; ", passedOver(attempt.name())));
    return attributes;
  }

  private List<String> passedOver(StrategyName chosen) {
    List<String> all = new ArrayList<>();
    for (StrategyName name : StrategyName.values()) {
      if (name == chosen) {
        break;
      }
      String objection = objection(name);
      if (!objection.isEmpty()) {
        all.add(name + ": " + objection);
      }
    }
    all.addAll(refusals);
    return all;
  }

  /** A native part of an attempt. */
  private interface Part {
    Sharing.Offer run() throws CannException;
  }

  /** What can't be done at all on this machine is a no; every other failure is one of the call. */
  private Answer answer(Attempt attempt, Part part) throws CannException {
    try {
      return Answer.yes(part.run());
    } catch (CannException e) {
      if (!forced && Refusals.isRefusal(attempt.name(), e)) {
        LOGGER.log(System.Logger.Level.DEBUG, attempt.name() + " doesn't work here", e);
        return Answer.no(e.function() + " gave " + e.code() + " (" + e.codeName() + ")");
      }
      throw e;
    }
  }

  private boolean isRefused(StrategyName name, List<Answer> answers) {
    boolean refused = false;
    for (int r = 0; r < answers.size(); r++) {
      if (!answers.get(r).worked()) {
        refusals.add(name + ": on rank " + r + " " + answers.get(r).reason());
        refused = true;
      }
    }
    return refused;
  }

  private void check(long bytes, List<Sharing.Offer> offers, Wait wait) throws BackendFailure {
    Sharing.Offer own = offers.get(rank);
    for (int r = 0; r < size; r++) {
      Sharing.Offer other = offers.get(r);
      if (other.handle().length != own.handle().length) {
        throw run.breakRun(Proposal.garbage(r).failure(), wait.waited());
      }
      if (other.size() != own.size()) {
        throw mismatch("size of mapped windows", own.size(), r, other.size(), wait);
      }
    }
    if (own.size() < bytes) {
      throw run.breakRun(
          new Failure.Exhausted(
              "HCCL's buffers",
              bytes,
              own.size(),
              "set HCCL_BUFFSIZE, or comm.hccl.buffer-mb, to the megabytes that a window needs"),
          wait.waited());
    }
  }

  private BackendFailure mismatch(String subject, long own, int other, long theirs, Wait wait) {
    return run.breakRun(
        new Failure.Mismatch(subject, rank, own + " bytes", other, theirs + " bytes"),
        wait.waited());
  }

  private Failure none(List<Proposal> proposals) {
    List<String> reasons = new ArrayList<>();
    for (StrategyName name : StrategyName.values()) {
      List<Integer> without = new ArrayList<>();
      for (int r = 0; r < size; r++) {
        if (!proposals.get(r).has(name)) {
          without.add(r);
        }
      }
      if (!without.isEmpty()) {
        String why = objection(name);
        reasons.add(
            name
                + ": not offered by ranks "
                + without
                + (why.isEmpty() ? "" : " (rank " + rank + ": " + why + ")"));
      }
    }
    reasons.addAll(refusals);
    return new Failure.NativeCall(
        "choosing a window strategy",
        0,
        "",
        "none works on every rank: " + String.join("; ", reasons),
        "see docs/ascend.md, Windows; run ranks doctor on each host");
  }

  /** Makes a value of what a rank says. */
  private interface Decoder<T> {
    T decode(byte[] message, int from) throws BackendFailure;
  }

  private <T> List<T> meet(byte[] own, Wait wait, Decoder<T> decoder) throws BackendFailure {
    List<byte[]> messages = run.begin(Operation.ALLOCATE_WINDOWS, own).awaitAll(wait);
    List<T> all = new ArrayList<>();
    for (int r = 0; r < messages.size(); r++) {
      try {
        all.add(decoder.decode(messages.get(r), r));
      } catch (BackendFailure e) {
        throw run.breakRun(e.failure(), wait.waited());
      }
    }
    return all;
  }
}
