package comm.backend.hccl;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The provider: looks for CANN, and is never usable in this version. */
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
    Optional<Path> acl = libraries.find(CannLibraries.ACL);
    Optional<Path> hccl = libraries.find(CannLibraries.HCCL);
    if (acl.isEmpty()) {
      return missing(
          CannLibraries.ACL,
          libraries,
          "install the CANN toolkit and source its set_env.sh before starting Java");
    }
    if (hccl.isEmpty()) {
      return missing(
          CannLibraries.HCCL,
          libraries,
          "from CANN 8.5 on it comes with the ops package of the SoC"
              + " (Ascend-cann-<soc>-ops), not with the toolkit");
    }
    return new Availability.Unavailable(
        "found " + acl.get() + " and " + hccl.get() + ", but this version can't drive them yet",
        "use a version of comm.backend.hccl that opens communicators");
  }

  private static Availability missing(List<String> names, CannLibraries libraries, String advice) {
    String looked =
        libraries.directories().stream().map(Path::toString).collect(Collectors.joining(", "));
    return new Availability.Unavailable(
        "neither " + String.join(" nor ", names) + " found in " + looked, advice);
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    Availability.Unavailable no = (Availability.Unavailable) availability();
    throw new BackendFailure(
        new Failure.NativeCall("HcclCommInitRootInfo", 0, "", no.reason(), no.advice()),
        Duration.ZERO);
  }
}
