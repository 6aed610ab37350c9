package comm.backend.hccl;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.backend.hccl.cann.Cann;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.CannLibraries;
import comm.backend.hccl.cann.Family;
import comm.backend.hccl.cann.HcclEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The provider: Ascend NPUs through CANN. */
public final class HcclBackend implements CommBackend {

  private final Map<String, String> environment;

  /** Does nothing, as the service asks. */
  public HcclBackend() {
    this(System.getenv());
  }

  HcclBackend(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "hccl";
  }

  @Override
  public Availability availability() {
    CannLibraries libraries = new CannLibraries(environment);
    Optional<CannException> missing =
        libraries.missing(Family.ACL).or(() -> libraries.missing(Family.HCCL));
    if (missing.isPresent()) {
      return new Availability.Unavailable(missing.get().text(), missing.get().advice());
    }
    return new Availability.Available(
        "CANN's "
            + names(libraries.find(Family.ACL))
            + " and "
            + names(libraries.find(Family.HCCL))
            + " in "
            + libraries.find(Family.HCCL).get(0).getParent());
  }

  private static String names(List<Path> libraries) {
    return libraries.get(0).getFileName().toString();
  }

  @Override
  public Map<String, String> describe() {
    return new Diagnosis(environment).facts();
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    HcclSettings settings = HcclSettings.of(request.properties());
    try {
      Cann cann = new Cann(new CannLibraries(environment));
      Connection connection =
          new Connection(cann, settings, request.stream(), request.rank(), request.size());
      return HcclSession.open(request, settings, connection, new HcclEnvironment(environment));
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      BackendFailure failure =
          new BackendFailure(
              new Failure.NativeCall(
                  "loading JNA",
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
}
