package comm.backend.hccl;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.CannLibraries;
import comm.backend.hccl.cann.Family;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
    Optional<CannException> missing =
        libraries.missing(Family.ACL).or(() -> libraries.missing(Family.HCCL));
    if (missing.isPresent()) {
      return new Availability.Unavailable(missing.get().text(), missing.get().advice());
    }
    return new Availability.Unavailable(
        "found "
            + libraries.find(Family.ACL).get(0)
            + " and "
            + libraries.find(Family.HCCL).get(0)
            + ", but this version can't drive them yet",
        "use a version of comm.backend.hccl that opens communicators");
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    Availability.Unavailable no = (Availability.Unavailable) availability();
    throw new BackendFailure(
        new Failure.NativeCall("HcclCommInitRootInfo", 0, "", no.reason(), no.advice()),
        Duration.ZERO);
  }
}
