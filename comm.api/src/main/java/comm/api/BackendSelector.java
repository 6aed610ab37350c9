package comm.api;

import comm.api.BackendUnavailableException.Candidate;
import comm.api.spi.Availability;
import comm.api.spi.CommBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Chooses the backend of a communicator: by name, or else the only usable one. A backend that was
 * named is never replaced by another.
 */
final class BackendSelector {

  private static final int MOST_BROKEN = 64;

  /** A provider that could be loaded, and what it said of itself. */
  private record Found(CommBackend backend, Candidate candidate) {}

  private final List<Found> found = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();

  BackendSelector(Iterator<CommBackend> providers) {
    int broken = 0;
    // A path that can't be read at all fails again and again; a broken provider fails once.
    while (broken < MOST_BROKEN) {
      // One provider at a time: a broken one must neither hide the rest nor its own reason.
      try {
        if (!providers.hasNext()) {
          return;
        }
        add(providers.next());
      } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
        broken++;
        candidates.add(new Candidate("unknown", false, "its provider can't be loaded: " + why(e)));
      }
    }
  }

  /** The error with its causes: the outer ones only say that something could not be done. */
  private static String why(Throwable error) {
    StringBuilder text = new StringBuilder(error.toString());
    int depth = 0;
    for (Throwable e = error.getCause(); e != null && depth < 5; e = e.getCause(), depth++) {
      text.append("; caused by ").append(e);
    }
    return text.toString();
  }

  static BackendSelector onPath() {
    return new BackendSelector(ServiceLoader.load(CommBackend.class).iterator());
  }

  List<Candidate> candidates() {
    return candidates;
  }

  /** What the backend of that name says of this machine; empty if there is none. */
  Map<String, String> describe(String name) {
    for (Found one : found) {
      if (one.candidate().name().equals(name)) {
        try {
          return Collections.unmodifiableMap(new LinkedHashMap<>(one.backend().describe()));
        } catch (RuntimeException | LinkageError e) {
          return Map.of("problem", "asked to describe this machine, it threw " + why(e));
        }
      }
    }
    return Map.of();
  }

  /** Lets every usable backend remove what dead ranks have left. */
  void sweep() {
    for (Found one : found) {
      if (one.candidate().usable()) {
        try {
          one.backend().sweep();
        } catch (RuntimeException | LinkageError e) {
          System.getLogger(BackendSelector.class.getName())
              .log(
                  System.Logger.Level.WARNING,
                  "backend " + one.candidate().name() + " could not sweep",
                  e);
        }
      }
    }
  }

  private void add(CommBackend backend) {
    Candidate candidate = candidate(backend, backend::availability);
    found.add(new Found(backend, candidate));
    candidates.add(candidate);
  }

  private static Candidate candidate(CommBackend backend, Supplier<Availability> asked) {
    Availability availability;
    try {
      availability = asked.get();
    } catch (RuntimeException | LinkageError e) {
      availability =
          new Availability.Unavailable("asked whether it is usable, it threw " + why(e), "");
    }
    return availability instanceof Availability.Unavailable no
        ? new Candidate(
            backend.name(), false, no.reason() + (no.advice().isEmpty() ? "" : "; ") + no.advice())
        : new Candidate(
            backend.name(), true, ((Availability.Available) availability).description());
  }

  /**
   * The backend for a configuration.
   *
   * @throws BackendUnavailableException if there is none, or it isn't usable, or the choice isn't
   *     clear
   */
  CommBackend select(CommConfig config) {
    Optional<String> name = wanted(config);
    if (name.isPresent()) {
      List<Found> named =
          found.stream().filter(f -> f.candidate().name().equals(name.get())).toList();
      String reason = "";
      if (named.size() == 1) {
        CommBackend backend = named.get(0).backend();
        Map<String, String> settings =
            Communicator.propertiesOf(backend.name(), config.properties());
        Candidate candidate =
            settings.isEmpty()
                ? named.get(0).candidate()
                : candidate(backend, () -> backend.availability(settings));
        if (candidate.usable()) {
          return backend;
        }
        reason = candidate.reason();
      }
      String problem =
          switch (named.size()) {
            case 0 -> "found no backend \"" + name.get() + "\"";
            case 1 -> "can't use backend \"" + name.get() + "\": " + reason;
            default -> "found more than one backend \"" + name.get() + "\"";
          };
      String advice =
          switch (named.size()) {
            case 0 -> "add its module to the path, or name another one";
            case 1 -> "make it usable, or name another one";
            default -> "leave one of them on the path, or name another one";
          };
      throw failure(config, name.get(), problem, advice);
    }
    List<Found> usable = found.stream().filter(f -> f.candidate().usable()).toList();
    if (usable.size() == 1) {
      return usable.get(0).backend();
    }
    throw usable.isEmpty()
        ? failure(config, "none", "found no usable backend", "add one to the path")
        : failure(config, "none", "found more than one usable backend", "name the one you want");
  }

  private static Optional<String> wanted(CommConfig config) {
    return config
        .backend()
        .or(() -> Optional.ofNullable(System.getProperty("comm.backend")))
        .or(() -> Optional.ofNullable(System.getenv("COMM_BACKEND")))
        .filter(name -> !name.isBlank());
  }

  private BackendUnavailableException failure(
      CommConfig config, String name, String problem, String advice) {
    // What the problem says already of the one that was named needn't be said twice.
    String others =
        candidates.stream()
            .filter(candidate -> !problem.endsWith(candidate.reason()))
            .sorted(Comparator.comparing(Candidate::name))
            .map(Candidate::toString)
            .collect(Collectors.joining(", "));
    String present =
        !others.isEmpty()
            ? "on the path: " + others
            : candidates.isEmpty() ? "no backend is on the path" : "no other is on the path";
    return new BackendUnavailableException(
        new CommException.Call("open", config.rank(), config.size(), name, Duration.ZERO),
        problem
            + "; "
            + present
            + "; "
            + advice
            + " (CommConfig.withBackend, -Dcomm.backend or COMM_BACKEND)",
        candidates);
  }
}
