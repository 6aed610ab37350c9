package comm.testkit.run;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.WaitLimit;
import java.util.List;

/** A session with points at which faults happen. */
final class FaultSession implements BackendSession {

  private final BackendSession session;
  private final Injector injector;

  FaultSession(BackendSession session, Injector injector) {
    this.session = session;
    this.injector = injector;
  }

  @Override
  public BackendWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
    int nth = injector.before("allocateWindows");
    BackendWindows windows = session.allocateWindows(bytes, limit);
    injector.after("allocateWindows", nth);
    return new FaultWindows(windows, injector);
  }

  @Override
  public void barrier(WaitLimit limit) throws BackendFailure {
    int nth = injector.before("barrier");
    session.barrier(limit);
    injector.after("barrier", nth);
  }

  @Override
  public List<RankStatus> peers() {
    return session.peers();
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    int nth = injector.before("close");
    session.close(limit);
    injector.after("close", nth);
  }
}
