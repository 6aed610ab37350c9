package comm.testkit.run;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The backend {@code testkit}: another one, with points at which the faults of the current rank
 * happen. Its setting {@code backend} names the other; all further settings are the other's.
 */
public final class FaultBackend implements CommBackend {

  /** Its name. */
  static final String NAME = "testkit";

  /** The setting that names the backend around which it stands. */
  static final String BACKEND = "backend";

  private final Optional<CommBackend> object;

  /** Around the backend that the settings name. */
  public FaultBackend() {
    this.object = Optional.empty();
  }

  /** Around an object. */
  FaultBackend(CommBackend wrapped) {
    this.object = Optional.of(wrapped);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return availability(Map.of());
  }

  @Override
  public Availability availability(Map<String, String> properties) {
    if (object.isEmpty() && !properties.containsKey(BACKEND)) {
      return new Availability.Unavailable(
          "it only wraps another backend", "it is for tests with faults");
    }
    if (CurrentRank.get().isEmpty()) {
      return new Availability.Unavailable(
          "this thread belongs to no rank of a test", "open it in a rank's own thread");
    }
    CommBackend wrapped;
    try {
      wrapped = wrapped(properties);
    } catch (IllegalStateException e) {
      return new Availability.Unavailable(String.valueOf(e.getMessage()), "");
    }
    Map<String, String> others = others(properties);
    return others.isEmpty() ? wrapped.availability() : wrapped.availability(others);
  }

  private CommBackend wrapped(Map<String, String> properties) {
    return object.orElseGet(() -> Backends.named(properties.getOrDefault(BACKEND, "")));
  }

  /** The settings of the other backend. */
  private Map<String, String> others(Map<String, String> properties) {
    Map<String, String> others = new HashMap<>(properties);
    if (object.isEmpty()) {
      others.remove(BACKEND);
    }
    return others;
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    Injector injector =
        CurrentRank.get()
            .orElseThrow(() -> new IllegalStateException("this thread belongs to no rank"))
            .injector();
    int nth = injector.before("open");
    BackendSession session =
        wrapped(request.properties())
            .open(
                new SessionRequest(
                    request.rank(),
                    request.size(),
                    request.rootInfo(),
                    request.stream(),
                    others(request.properties()),
                    request.limit()));
    injector.after("open", nth);
    return new FaultSession(session, injector);
  }
}
