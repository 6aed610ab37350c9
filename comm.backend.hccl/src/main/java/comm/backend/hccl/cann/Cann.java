package comm.backend.hccl.cann;

/** ACL and HCCL of one installation. Making it loads nothing. */
public final class Cann {

  private final CannLibraries libraries;
  private final Calls calls = new Calls();
  private final Invoker invoker;
  private final Acl acl;
  private final Hccl hccl;

  public Cann(CannLibraries libraries) {
    this.libraries = libraries;
    this.invoker = new Invoker(libraries, calls);
    this.acl = new Acl(invoker);
    this.hccl = new Hccl(invoker);
  }

  public Acl acl() {
    return acl;
  }

  public Hccl hccl() {
    return hccl;
  }

  /** Which native function runs now. */
  public Calls calls() {
    return calls;
  }

  public CannLibraries libraries() {
    return libraries;
  }

  /** Whether a function that is called here is there; loads libraries, and never throws. */
  public boolean has(String symbol) {
    return invoker.has(symbol);
  }
}
