package comm.backend.hccl.window;

import comm.backend.hccl.cann.Acl;
import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.PhysicalMemory;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.Releases;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Physical memory that is mapped at reserved addresses, in every process at its own. Two kinds of
 * handle: those of the fabric reach other servers, the older ones don't.
 *
 * <p>Access is not set on mappings: mapping gives it already, and the call takes a device number of
 * another numbering than all others do.
 */
final class PhysicalSharing implements Sharing {

  private final Device device;
  private final Acl acl;
  private final int rank;
  private final boolean fabric;
  private final boolean listsPids;
  private final Releases own = new Releases();
  private final Releases others = new Releases();
  private final List<Member> members = new ArrayList<>();
  private long address;
  private long size;

  /**
   * Not yet made.
   *
   * @param fabric whether handles are those of the fabric
   * @param listsPids whether each process that may import must be named, as before CANN 8.5
   */
  PhysicalSharing(Device device, int rank, boolean fabric, boolean listsPids) {
    this.device = device;
    this.acl = device.cann().acl();
    this.rank = rank;
    this.fabric = fabric;
    this.listsPids = listsPids;
  }

  private PhysicalMemory kind() {
    return new PhysicalMemory(
        fabric ? CannAbi.ACL_HBM_MEM_HUGE : CannAbi.ACL_HBM_MEM_NORMAL, device.id());
  }

  private long pages() {
    return fabric ? CannAbi.HUGE_PAGE_TYPE : CannAbi.NORMAL_PAGE_TYPE;
  }

  @Override
  public Offer offer(long bytes, List<Member> all) throws CannException {
    members.addAll(all);
    PhysicalMemory kind = kind();
    long granularity = acl.granularity(kind, CannAbi.ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED);
    size = Sizes.roundUp(bytes, granularity);
    long handle = acl.mallocPhysical(size, kind);
    own.push(() -> acl.freePhysical(handle));
    address = map(handle, own);
    device.zero(address, size);
    return new Offer(size, granularity, fabric ? exportFabric(handle) : export(handle));
  }

  private long map(long handle, Releases releases) throws CannException {
    long at = acl.reserve(size, pages());
    releases.push(() -> acl.release(at));
    acl.map(at, size, 0, handle);
    releases.push(() -> acl.unmap(at));
    return at;
  }

  private byte[] exportFabric(long handle) throws CannException {
    return acl.exportFabric(handle, CannAbi.ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION);
  }

  private byte[] export(long handle) throws CannException {
    long shareable =
        acl.exportShareable(
            handle,
            listsPids
                ? CannAbi.ACL_RT_VMM_EXPORT_FLAG_DEFAULT
                : CannAbi.ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION);
    int[] pids = members.stream().filter(m -> m.rank() != rank).mapToInt(Member::tgid).toArray();
    if (listsPids && pids.length > 0) {
      acl.allowPids(shareable, pids);
    }
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, shareable)
        .array();
  }

  @Override
  public Addresses attach(List<Offer> offers) throws CannException {
    List<Long> addresses = new ArrayList<>();
    for (int r = 0; r < offers.size(); r++) {
      addresses.add(r == rank ? address : attach(offers.get(r).handle()));
    }
    return Addresses.of(addresses);
  }

  private long attach(byte[] exported) throws CannException {
    long handle =
        fabric
            ? acl.importFabric(exported)
            : acl.importShareable(
                ByteBuffer.wrap(exported).order(ByteOrder.LITTLE_ENDIAN).getLong(0), device.id());
    others.push(() -> acl.freePhysical(handle));
    return map(handle, others);
  }

  @Override
  public void detach() throws CannException {
    others.run();
  }

  @Override
  public void free() throws CannException {
    own.run();
  }
}
