package comm.backend.sim;

import comm.api.RankStatus;
import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.backend.sim.protocol.Rendezvous;
import comm.backend.sim.protocol.Rendezvous.Outcome;
import comm.backend.sim.protocol.Wait;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The provider: POSIX shared memory on Linux. */
public final class SimBackend implements CommBackend {

  /** Processors that the ranks may count on, instead of those the JVM sees. */
  private static final String PROCESSORS = "processors";

  private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

  /** Does nothing, as the service asks. */
  public SimBackend() {}

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public Availability availability() {
    String system = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "");
    if (!system.toLowerCase(Locale.ROOT).startsWith("linux")
        || !ARCHITECTURES.contains(architecture)) {
      return new Availability.Unavailable(
          "it runs on Linux on x86-64 and aarch64, and this is " + system + " on " + architecture,
          "run it in a Linux container or virtual machine");
    }
    if (!Files.isDirectory(SharedSegment.DIRECTORY) || !Files.isWritable(SharedSegment.DIRECTORY)) {
      return new Availability.Unavailable(
          SharedSegment.DIRECTORY + " is not a directory that this user can write to",
          "mount a tmpfs there");
    }
    return new Availability.Available("POSIX shared memory in " + SharedSegment.DIRECTORY);
  }

  @Override
  public void sweep() {
    SharedSegment.sweep();
  }

  @Override
  public SimSession open(SessionRequest request) throws BackendFailure {
    int processors = processors(request.properties());
    WaitPolicy policy = WaitPolicy.forRanks(request.size(), processors);
    try {
      ShmMeetingPlace place = new ShmMeetingPlace(request, policy);
      place.file().check();
      Rendezvous rendezvous =
          new Rendezvous(
              place,
              request.rank(),
              request.size(),
              policy.spins(),
              ProcessHandle.current().pid(),
              ProcessStat.ofSelf().map(ProcessStat::startTime).orElse(0L));
      return session(request, place, rendezvous.meet());
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      BackendFailure failure =
          new BackendFailure(
              new Failure.NativeCall(
                  "loading the C library through JNA",
                  0,
                  "",
                  String.valueOf(e.getMessage()),
                  "put net.java.dev.jna:jna-jpms on the path; on a JDK from 24 on run with"
                      + " --enable-native-access=com.sun.jna (ALL-UNNAMED on the class path)"),
              Duration.ZERO);
      failure.initCause(e);
      throw failure;
    }
  }

  private static int processors(Map<String, String> properties) {
    for (String key : properties.keySet()) {
      if (!key.equals(PROCESSORS)) {
        throw new IllegalArgumentException(
            "backend sim has no setting \"sim." + key + "\"; it has sim." + PROCESSORS);
      }
    }
    String value = properties.get(PROCESSORS);
    if (value == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int processors = Integer.parseInt(value);
      if (processors >= 1) {
        return processors;
      }
    } catch (NumberFormatException e) {
      // refused below, like a number that is too small
    }
    throw new IllegalArgumentException(
        "sim." + PROCESSORS + " must be a number from 1 on, but is \"" + value + "\"");
  }

  private static SimSession session(SessionRequest request, ShmMeetingPlace place, Outcome outcome)
      throws BackendFailure {
    int rank = request.rank();
    int size = request.size();
    if (outcome instanceof Outcome.Formed formed) {
      ControlSegment control = (ControlSegment) formed.control();
      return new SimSession(control, formed.barrier(), ranks(control, request), rank, size);
    }
    if (outcome instanceof Outcome.Broken broken) {
      ControlSegment control = (ControlSegment) broken.control();
      BackendFailure failure = ranks(control, request).failure(place.waited());
      control.close();
      place.removeDead(control);
      throw failure;
    }
    Failure failure;
    if (outcome instanceof Outcome.Taken taken) {
      failure = Ranks.twice(rank, taken.holder(), ProcessHandle.current().pid());
    } else if (outcome instanceof Outcome.OtherSize other) {
      failure = Ranks.otherSize(rank, size, other.size());
    } else {
      failure =
          ((Outcome.Ended) outcome).ending() == Wait.Ending.INTERRUPTED
              ? new Failure.Interrupted()
              : new Failure.TimedOut(
                  List.of(
                      new RankStatus(
                          0, RankStatus.State.NEVER_JOINED, OptionalLong.empty(), "", "")));
    }
    throw new BackendFailure(failure, place.waited());
  }

  private static Ranks ranks(ControlSegment control, SessionRequest request) {
    return new Ranks(control.words(), request.rank(), request.size(), control::isHeld);
  }
}
