package comm.testkit.run;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** One connection between a test and a rank process. Several threads may send, one receives. */
final class Line implements AutoCloseable {

  private final SocketChannel channel;
  private final ObjectOutputStream out;
  private final ObjectInputStream in;

  Line(SocketChannel channel) throws IOException {
    this.channel = channel;
    // Through streams of its own: a channel's own stream locks against a reader of the same one.
    this.out = new ObjectOutputStream(new BufferedOutputStream(new Sink(channel)));
    out.flush();
    InputStream bytes = Channels.newInputStream(channel);
    this.in = new ObjectInputStream(new BufferedInputStream(bytes));
  }

  private static final class Sink extends OutputStream {
    private final SocketChannel channel;

    Sink(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  synchronized void send(Message message) throws IOException {
    out.writeObject(message);
    out.flush();
    // Otherwise both sides would remember all that was ever said.
    out.reset();
  }

  Message receive() throws IOException {
    try {
      return (Message) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
