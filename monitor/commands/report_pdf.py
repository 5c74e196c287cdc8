"""HTML into PDF by weasyprint, which is the extra `[pdf]`: imported only when a PDF is asked for.

It reads nothing from outside the text: every address in it is refused. The same text gives the
same bytes with the same fonts and libraries.

    pdf_of("<p>x</p>")      -> b"%PDF-1.7 ..."
"""

__all__ = ["PdfError", "pdf_of"]


class PdfError(RuntimeError):
    """No PDF can be made here; the message says what to install."""


def pdf_of(html: str) -> bytes:
    """Return the PDF of a page.

    Raises:
        PdfError: weasyprint, or the libraries that it draws with, are not installed.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 - takes half a second, and is an extra
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except ImportError as error:
        raise PdfError(
            f"a PDF needs weasyprint ({error}): pip install 'vigil[pdf]', or leave --pdf out"
        ) from error
    except OSError as error:
        raise PdfError(
            f"a PDF needs Pango ({error}): apt install libpango-1.0-0 libpangoft2-1.0-0"
            " libharfbuzz-subset0, or leave --pdf out"
        ) from error
    data: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf()
    return data
