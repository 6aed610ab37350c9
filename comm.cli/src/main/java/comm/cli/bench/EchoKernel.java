package comm.cli.bench;

import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The rival of a mailbox: answers each byte that comes over loopback TCP with a byte. Scalars:
 * port, number of bytes.
 */
public final class EchoKernel implements Kernel {

  static final String NAME = "bench-echo";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(KernelContext context) throws IOException {
    int port = Math.toIntExact(context.scalar(0));
    try (SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer token = ByteBuffer.allocateDirect(1);
      for (long i = 0; i < context.scalar(1); i++) {
        token.clear();
        if (channel.read(token) < 0) {
          throw new EOFException("the driver has closed its socket");
        }
        token.flip();
        channel.write(token);
      }
    }
  }
}
