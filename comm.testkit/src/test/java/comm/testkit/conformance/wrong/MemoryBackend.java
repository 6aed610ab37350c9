package comm.testkit.conformance.wrong;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A small backend that keeps the contract: its ranks are threads, its windows Java's memory. */
class MemoryBackend implements CommBackend {

  private final Map<Path, MemoryGroup> forming = new HashMap<>();

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Availability availability() {
    return new Availability.Available("this JVM's memory");
  }

  /** What the ranks of a new group will share. */
  MemoryGroup newGroup(int size) {
    return new MemoryGroup(size);
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    MemoryGroup group;
    MemorySession session;
    synchronized (forming) {
      MemoryGroup known = forming.get(request.rootInfo());
      if (known == null || known.isHistoryFor(request.rank())) {
        known = newGroup(request.size());
        forming.put(request.rootInfo(), known);
      }
      group = known;
      session = new MemorySession(group, request.rank());
      group.join(request.rank(), request.size());
    }
    boolean formed = false;
    try {
      group.meet(session, "open", 0, request.limit());
      formed = true;
      return session;
    } finally {
      if (!formed) {
        group.leave(session);
      }
      synchronized (forming) {
        if (formed || group.isForgotten()) {
          forming.remove(request.rootInfo(), group);
        }
      }
    }
  }
}
