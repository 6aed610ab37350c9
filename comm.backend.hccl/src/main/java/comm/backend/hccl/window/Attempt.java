package comm.backend.hccl.window;

import comm.api.CommContext;
import comm.backend.hccl.cann.Acl;
import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.Releases;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The windows of one attempt with one strategy, on the way to be and until they are let go. For the
 * device's thread alone.
 */
final class Attempt {

  private static final System.Logger LOGGER = System.getLogger(Attempt.class.getName());

  private final StrategyName name;
  private final Device device;
  private final Departures departures;
  private final long number;
  private final Sharing sharing;
  private final Releases releases = new Releases();
  private boolean released;

  Attempt(StrategyName name, Device device, Departures departures, Sharing sharing) {
    this.name = name;
    this.device = device;
    this.departures = departures;
    this.number = departures.next();
    this.sharing = sharing;
    releases.push(sharing::detach);
  }

  StrategyName name() {
    return name;
  }

  Sharing.Offer offer(long bytes, List<Member> members) throws CannException {
    return sharing.offer(bytes, members);
  }

  /** Attaches all windows and gives kernels their context. */
  Attached attach(List<Sharing.Offer> offers, List<Member> members, int rank) throws CannException {
    members.stream().mapToInt(Member::device).distinct().forEach(this::enablePeerAccess);
    Addresses addresses = sharing.attach(offers);
    CommContext context =
        new CommContext(
            addresses.workSpace(),
            addresses.workSpaceSize(),
            rank,
            members.size(),
            offers.get(rank).size(),
            addresses.windowsIn(),
            addresses.windowsOut());
    Acl acl = device.cann().acl();
    long deviceContext = acl.malloc(CommContext.BYTES, CannAbi.ACL_MEM_MALLOC_HUGE_FIRST);
    releases.push(() -> acl.free(deviceContext));
    device.copyIn(deviceContext, ByteBuffer.wrap(context.encode()));
    return new Attached(context, deviceContext);
  }

  /** What came of it. */
  record Attached(CommContext context, long deviceContext) {}

  /** Needed between some devices, impossible between others: what follows decides. */
  private void enablePeerAccess(int peer) {
    if (name == StrategyName.MC2 || peer == device.id()) {
      return;
    }
    try {
      device.cann().acl().enablePeerAccess(peer);
    } catch (CannException e) {
      LOGGER.log(
          System.Logger.Level.DEBUG, "device " + device.id() + " has no access to " + peer, e);
    }
  }

  /** Lets go of all windows; this rank's own is freed once all have. Idempotent. */
  void release() throws CannException {
    if (released) {
      return;
    }
    released = true;
    boolean detached = false;
    try {
      releases.run();
      detached = true;
    } finally {
      departures.add(number, sharing, detached);
    }
    departures.collect();
  }
}
