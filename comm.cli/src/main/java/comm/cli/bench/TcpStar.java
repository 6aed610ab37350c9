package comm.cli.bench;

import comm.api.Communicator;
import comm.api.WindowSet;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The barrier that one would write without shared memory: everybody sends a byte to rank 0 over
 * loopback TCP, and rank 0 answers when all have come. Waits have no limit of their own; the job's
 * time limit ends them.
 */
final class TcpStar implements AutoCloseable {

  /** Rank 0: to every other rank; the others: to rank 0. */
  private final List<SocketChannel> channels = new ArrayList<>();

  private final boolean isHub;
  private final ByteBuffer token = ByteBuffer.allocateDirect(1);

  /** Connects the ranks; rank 0's window carries the port at offset 0. Collective. */
  TcpStar(Communicator communicator, WindowSet windows) throws IOException {
    isHub = communicator.rank() == 0;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    if (isHub) {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(loopback, 0), communicator.size());
        windows.local().putInt(0, ((InetSocketAddress) server.getLocalAddress()).getPort());
        communicator.barrier();
        while (channels.size() < communicator.size() - 1) {
          add(server.accept());
        }
      }
    } else {
      communicator.barrier();
      add(SocketChannel.open(new InetSocketAddress(loopback, windows.of(0).getInt(0))));
    }
    communicator.barrier();
  }

  private void add(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channels.add(channel);
  }

  void barrier() throws IOException {
    if (isHub) {
      for (int i = 0; i < channels.size(); i++) {
        read(channels.get(i));
      }
      for (int i = 0; i < channels.size(); i++) {
        write(channels.get(i));
      }
    } else {
      write(channels.get(0));
      read(channels.get(0));
    }
  }

  private void read(SocketChannel channel) throws IOException {
    token.clear();
    if (channel.read(token) < 0) {
      throw new EOFException("another rank has closed its socket");
    }
  }

  private void write(SocketChannel channel) throws IOException {
    token.clear();
    channel.write(token);
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
