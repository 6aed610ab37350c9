package comm.backend.hccl.cann;

/**
 * Which memory is allocated: {@code aclrtPhysicalMemProp}.
 *
 * @param memAttr such as {@link CannAbi#ACL_HBM_MEM_HUGE}
 * @param device the device, by the number that {@code aclrtSetDevice} takes
 */
public record PhysicalMemory(int memAttr, int device) {

  byte[] encode() {
    byte[] prop = CannAbi.PHYSICAL_MEM_PROP.zeros();
    CannAbi.PROP_HANDLE_TYPE.putInt(prop, CannAbi.ACL_MEM_HANDLE_TYPE_NONE);
    CannAbi.PROP_ALLOCATION_TYPE.putInt(prop, CannAbi.ACL_MEM_ALLOCATION_TYPE_PINNED);
    CannAbi.PROP_MEM_ATTR.putInt(prop, memAttr);
    CannAbi.PROP_LOCATION_ID.putInt(prop, device);
    CannAbi.PROP_LOCATION_TYPE.putInt(prop, CannAbi.ACL_MEM_LOCATION_TYPE_DEVICE);
    return prop;
  }
}
