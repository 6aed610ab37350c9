package comm.backend.hccl.window;

import comm.backend.hccl.cann.Acl;
import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.Releases;
import java.util.ArrayList;
import java.util.List;

/** Plain device memory that other processes of the server open by a key. */
final class IpcSharing implements Sharing {

  /** Device memory is given out, and addressed between devices, in pages of this size. */
  private static final long PAGE = 2L << 20;

  private final Device device;
  private final Acl acl;
  private final int rank;
  private final Releases own = new Releases();
  private final Releases others = new Releases();
  private long address;

  IpcSharing(Device device, int rank) {
    this.device = device;
    this.acl = device.cann().acl();
    this.rank = rank;
  }

  @Override
  public Offer offer(long bytes, List<Member> members) throws CannException {
    long size = Sizes.roundUp(bytes, PAGE);
    address = acl.malloc(size, CannAbi.ACL_MEM_MALLOC_HUGE_FIRST_P2P);
    own.push(() -> acl.free(address));
    device.zero(address, size);
    byte[] key =
        acl.ipcExport(address, size, CannAbi.ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION);
    own.push(() -> acl.ipcClose(key));
    return new Offer(size, PAGE, key);
  }

  @Override
  public Addresses attach(List<Offer> offers) throws CannException {
    List<Long> addresses = new ArrayList<>();
    for (int r = 0; r < offers.size(); r++) {
      addresses.add(r == rank ? address : attach(offers.get(r).handle()));
    }
    return Addresses.of(addresses);
  }

  private long attach(byte[] key) throws CannException {
    long at = acl.ipcImport(key, CannAbi.ACL_RT_IPC_MEM_IMPORT_FLAG_ENABLE_PEER_ACCESS);
    others.push(() -> acl.ipcClose(key));
    return at;
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
